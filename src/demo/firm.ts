import pg from 'pg'
import { DEMO_FIRM_ID } from '../identity/demo-firm.ts'

/** Enters the demo firm into its database, once. Firms come with a contract, not through the API. */
export async function enterDemoFirm(ownerUrl: string): Promise<void> {
  await asOwner(ownerUrl, (client) =>
    client.query(
      `insert into firm (id, name, notifications_email, sender_name, sender_email)
       values ($1, 'Hart & Vale LLP', 'office@hartvale.example', 'Hart & Vale LLP', 'retainers@hartvale.example')
       on conflict (id) do nothing`,
      [DEMO_FIRM_ID],
    ),
  )
}

/** The demo firm's matter of that number, by its id; null when there is none. */
export function demoMatter(ownerUrl: string, number: string): Promise<string | null> {
  return asOwner(ownerUrl, async (client) => {
    const sql = 'select id from matter where firm_id = $1 and number = $2'
    const { rows } = await client.query<{ id: string }>(sql, [DEMO_FIRM_ID, number])
    return rows[0]?.id ?? null
  })
}

async function asOwner<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
