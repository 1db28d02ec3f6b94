import { migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/pool.ts'
import { createFirm, createMatter, type FirmInBooks } from '../../src/simulation/world/firm.ts'
import { Matter } from '../../src/simulation/world/matter.ts'
import { until } from '../../src/simulation/world/until.ts'
import { openWorld, type World } from '../../src/simulation/world/world.ts'
import { applicationDatabaseUrls, ensureApplicationDatabase, startTemporaryPostgres } from '../../src/stack/postgres.ts'
import { repeatLastDeposit } from '../budget/books-of-ten-years.ts'
import { startRealEngine } from '../support/engine.ts'
import { openBare } from './bare.ts'
import { openDeposits } from './deposits.ts'
import { ALONE, AT_ONCE, type Line, type Measured, measure, TOGETHER } from './line.ts'

/**
 * Deposits per second, and how long one takes, through webhook, inbox, signal, workflow and books, beside a bare workflow on the
 * same server in the same run; fresh, and after ten years of history. Not part of the tests:
 * `node --import tsx test/throughput/measure.ts`.
 * Client, webhook endpoint, worker, provider and outbox share one process, PostgreSQL does not wait for the disk, and every
 * deposit sends its two mails.
 */

const TEN_YEARS = 10_000

const postgres = await startTemporaryPostgres()
const port = Number(new URL(postgres.superuserUrl).port)
const [postgresOwnerPassword, postgresWorkerPassword, postgresApiPassword] = ['a', 'b', 'c'] as const
const urls = applicationDatabaseUrls(port, { postgresOwnerPassword, postgresWorkerPassword, postgresApiPassword })
await ensureApplicationDatabase(postgres.superuserUrl, postgresOwnerPassword)
await migrate(urls)
const owner = openDatabase(urls.ownerUrl, { name: 'measure', max: 4 })
const engine = await startRealEngine()
const world = await openWorld({ engine, database: { owner, workerUrl: urls.workerUrl, apiUrl: urls.apiUrl } })
try {
  const firm = await createFirm(owner)
  console.log(`| | Per second, ${AT_ONCE} at once | Alone: p50 | p95 |\n| --- | ---: | ---: | ---: |`)
  for (const count of [1, 32]) {
    const matters = await Promise.all(Array.from({ length: count }, () => openMatter(world, firm)))
    const on = count === 1 ? 'one matter' : `${count} matters`
    report(`A bare workflow, ${on}`, await measured(await openBare(engine, count)))
    report(`Deposits on ${on}, fresh`, await measured(await openDeposits(world, matters, ALONE + TOGETHER)))
    // The books change under the matters' workflows: nothing may be under way.
    await until('every mail is sent', nothingUnderWay, 120_000)
    for (const matter of matters) await repeatLastDeposit(owner, matter.id, Math.ceil(TEN_YEARS / count))
    report(
      `Deposits on ${on}, ${TEN_YEARS.toLocaleString('en')} later`,
      await measured(await openDeposits(world, matters, ALONE + TOGETHER)),
    )
  }
} finally {
  await world.stop()
  await owner.destroy()
  await postgres.stop()
}

async function nothingUnderWay(): Promise<boolean> {
  const open = owner.selectFrom('effect').select('id').where('status', '=', 'PLANNED').limit(1)
  return (await open.executeTakeFirst()) === undefined
}

async function measured(line: Line): Promise<Measured> {
  try {
    return await measure(line)
  } finally {
    await line.close()
  }
}

function report(name: string, { perSecond, p50Ms, p95Ms }: Measured): void {
  console.log(`| ${name} | ${perSecond.toFixed(0)} | ${p50Ms} ms | ${p95Ms} ms |`)
}

/** A matter that waits for a large initial amount. */
async function openMatter({ commands, database, outbox, sandbox }: World, firm: FirmInBooks): Promise<Matter> {
  const matterId = await createMatter(owner, firm)
  const parts = { firmId: firm.firmId, matterId, currency: 'USD', otherRuns: [] } as const
  const matter = new Matter({ ...parts, otherRuns: [], commands, database, engine, outbox, sandbox })
  await matter.ask(matter.saving({ initial: '900000.00' }))
  await matter.ask({ kind: 'createOnline' })
  return matter
}
