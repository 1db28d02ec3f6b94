import { readdirSync } from 'node:fs'
import { sql } from 'kysely'
import { type Database, openDatabase } from '../../db/pool.ts'
import { allOf, type Findings, nothingFound, problem, warning } from './findings.ts'

/** Two machines this far apart book and remind at times that nobody can put in order. */
const CLOCK_TOLERANCE_MS = 30_000

/** PostgreSQL's codes for a login it does not take, and for a database or table that is not there. */
const WRONG_LOGIN = new Set(['28000', '28P01'])
const NO_DATABASE = '3D000'
const NO_TABLE = '42P01'

/**
 * Whether the database is there, at the version this code was written for, and by its clock now. One that does not answer is
 * only told: PostgreSQL may be away for a while, and all work waits for it.
 */
export async function checkDatabase(databaseUrl: string): Promise<Findings> {
  const db = openDatabase(databaseUrl, { name: 'retainer-preflight', max: 1 })
  try {
    return allOf([await checkMigrations(db), await checkClock(db)])
  } catch (error) {
    return withoutAnswer(error)
  } finally {
    await db.destroy()
  }
}

async function checkMigrations(db: Database): Promise<Findings> {
  const { rows } = await sql<{ name: string }>`select name from migration`.execute(db)
  const applied = new Set(rows.map(({ name }) => name))
  const known = new Set(knownMigrations())
  const missing = [...known].filter((name) => !applied.has(name))
  const newer = [...applied].filter((name) => !known.has(name))
  return allOf([
    missing.length === 0
      ? nothingFound
      : problem(
          `The database lacks the migrations ${missing.join(', ')}: run "npm run prepare:neighbours" against it, then start again.`,
        ),
    newer.length === 0
      ? nothingFound
      : warning(
          `The database has migrations that this version does not know (${newer.join(', ')}): a newer version prepared it; deploy that one, unless this is a step back on purpose.`,
        ),
  ])
}

const knownMigrations = (): string[] =>
  readdirSync(new URL('../../db/migrations', import.meta.url)).map((file) => file.replace(/\.sql$/, ''))

/** PostgreSQL's clock, because its answer is the one that books are dated beside. */
export async function checkClock(db: Database, now: () => number = Date.now): Promise<Findings> {
  const askedMs = now()
  const { rows } = await sql<{ ms: number }>`select extract(epoch from clock_timestamp()) * 1000 as ms`.execute(db)
  const answeredMs = now()
  const theirsMs = Number(rows[0]?.ms)
  // Read somewhere between question and answer: what that leaves open is not held against either clock.
  const aheadMs = askedMs > theirsMs ? askedMs - theirsMs : Math.min(0, answeredMs - theirsMs)
  if (Math.abs(aheadMs) <= CLOCK_TOLERANCE_MS) return nothingFound
  const seconds = Math.round(Math.abs(aheadMs) / 1000)
  return problem(
    `This machine's clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} PostgreSQL's: have both set by NTP (chronyd, systemd-timesyncd), then start again.`,
  )
}

function withoutAnswer(error: unknown): Findings {
  const code = (error as { code?: unknown }).code
  if (code === NO_TABLE || code === NO_DATABASE) {
    return problem('The database was never prepared: run "npm run prepare:neighbours" against it, then start again.')
  }
  if (typeof code === 'string' && WRONG_LOGIN.has(code)) {
    return problem(
      `PostgreSQL does not take the worker's login (${code}): correct DATABASE_WORKER_URL, or run "npm run prepare:neighbours" with it, which sets its password.`,
    )
  }
  return warning(
    `PostgreSQL does not answer (${typeof code === 'string' ? code : 'no code'}): all work waits until it does, and its version and clock are not checked.`,
  )
}
