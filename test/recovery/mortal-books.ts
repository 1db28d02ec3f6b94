import pg from 'pg'
import { inject } from 'vitest'

/** Backups of a test's database. Whoever is connected is cut off, and connects again. */
export function mortalBooks({ ownerUrl }: { ownerUrl: string }) {
  const live = new URL(ownerUrl).pathname.slice(1)
  const backup = `${live}_backup`
  return {
    backUp: () => undisturbed(live, `create database ${backup} template ${live} owner retainer_owner`),
    /** The books are what they were; all that was booked since is gone. The backup is spent. */
    restore: () => undisturbed(live, `drop database ${live}`, `alter database ${backup} rename to ${live}`),
  }
}

async function undisturbed(live: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: inject('superuserUrl') })
  await client.connect()
  try {
    await client.query(`alter database ${live} allow_connections false`)
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${live}'`)
    for (const statement of statements) await client.query(statement)
    await client.query(`alter database ${live} allow_connections true`)
  } finally {
    await client.end()
  }
}
