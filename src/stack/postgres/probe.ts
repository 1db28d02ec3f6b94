import pg from 'pg'

/** Succeeds once the server behind `url` answers a query; fails within two seconds otherwise. */
export async function probePostgres(url: string): Promise<void> {
  await withClient(url, (client) => client.query('SELECT 1'))
}

/** Runs `work` on a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  // A connection cut between two queries is reported by the next query, not by an uncaught event.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
