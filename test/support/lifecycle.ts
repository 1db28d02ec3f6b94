import { randomUUID } from 'node:crypto'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { expect, inject } from 'vitest'
import { startReconciliation } from '../../src/reconciliation/start.ts'
import { startSkippingEngine } from '../../src/simulation/world/engine.ts'
import { DAY_MS, openWorld, type World } from '../../src/simulation/world/world.ts'
import { noticeWorkflowId, payoutWorkflowId, reconciliationWorkflowId } from '../../workflows/books-contract.ts'
import { expectNobodyNamedByEngine } from '../privacy/nobody-named.ts'
import { expectBooksBalance } from './books.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { createFirm, createMatter, type TestFirm } from './firm.ts'
import { expectNoFailedTasks, expectReplays, historiesOf, type RunOf } from './histories.ts'
import { MatterDriver } from './matter-driver.ts'
import { quiet } from './quiet.ts'
import { until } from './until.ts'

export interface Lifecycle extends Pick<World, 'engine' | 'sandbox' | 'outbox' | 'inbox' | 'news' | 'workerAway'> {
  database: TestDatabase
  firm: TestFirm
  /** Reconciles a firm's books: what does not agree. */
  reconcile(firm?: TestFirm): Promise<string[]>
  /** A new matter of this firm, or of another one. */
  matter(options?: { firm?: TestFirm }): Promise<MatterDriver>
  /** What the engine's clock says, in epoch milliseconds. */
  now(): Promise<number>
  /** Lets time pass, as far as it takes; the matters do what falls due on the way. */
  days(count: number): Promise<void>
  until(isoInstant: string): Promise<void>
  /** As `days`, but does not wait for work that is still failing when it is over. */
  hoursOfTrouble(count: number): Promise<void>
  /** Workflows of this file beside its matters', and runs that later ones do not lead back to: to be replayed too. */
  otherRuns: RunOf[]
  /** Holds what this file did to what must hold after any life (books, histories), and stops everything. */
  end(): Promise<void>
}

interface LifecycleOptions {
  timeZone?: string
  startEngine?: () => Promise<TestWorkflowEnvironment>
  /** Puts something between the worker and its database: where the worker finds it then. */
  throughNetwork?: (databaseUrl: string) => string
  /** More comes to a matter at one moment than the server buffers for it during a task. */
  overrun?: boolean
  /** The worker fetches the provider's events by itself, too. */
  backfills?: boolean
  /** All that happened in this file happened at the provider, too: in the end every firm's books must agree with it. */
  reconciles?: boolean
}

/** A world of this test file's own, and a firm in it. */
export async function startLifecycle(options: LifecycleOptions = {}): Promise<Lifecycle> {
  const engine = await (options.startEngine ?? startSkippingEngine)()
  const database = await createTestDatabase()
  const { throughNetwork = (url: string) => url } = options
  const world = await openWorld({
    engine,
    database: { ...database, workerUrl: throughNetwork(database.workerUrl) },
    workflowBundle: { codePath: inject('workflowBundlePath') },
    ...(options.backfills && { backfills: true }),
  })
  const { clock, commands, inbox, news, outbox, pass, sandbox, workerAway } = world
  const firm = await createFirm(database.owner, options)
  const matterRuns: RunOf[] = []
  const otherRuns: RunOf[] = []

  async function reconcile({ firmId }: TestFirm = firm): Promise<string[]> {
    const id = randomUUID()
    await startReconciliation(engine.client, firmId, id)
    const workflowId = reconciliationWorkflowId(firmId)
    const reconciling = engine.client.workflow.getHandle(workflowId)
    // Waiting for the result would let the engine leap, with nothing else to do, to the end of all workflows.
    await until(
      'the reconciliation has ended',
      async () => {
        await pass(1_000)
        const begun = await database.owner
          .selectFrom('reconciliation')
          .select('finished_at')
          .where('id', '=', id)
          .executeTakeFirst()
        // Until the workflow has ended, too, the next start would begin none.
        return begun?.finished_at && (await reconciling.describe()).status.name !== 'RUNNING'
      },
      90_000,
    )
    otherRuns.push({ workflowId, runId: (await reconciling.describe()).runId })
    return differencesOf(database, id)
  }

  async function expectReconciled(): Promise<void> {
    await news.deliver()
    for (const { id: firmId } of await database.owner.selectFrom('firm').select('id').execute()) {
      const differences = await reconcile({ ...firm, firmId })
      if (differences.length === 0) continue
      // Where time is skipped, its patience is over while an event that failed once waits its real seconds.
      await news.booked()
      expect(await reconcile({ ...firm, firmId }), 'books, workflows and provider agree').toEqual([])
    }
  }

  async function stop(): Promise<void> {
    await world.stop()
    await database.drop()
  }

  return {
    engine,
    database,
    sandbox,
    outbox,
    firm,
    inbox,
    news,
    workerAway,
    reconcile,
    otherRuns,
    now: clock.read,
    async matter({ firm: owner = firm } = {}) {
      const matterId = await createMatter(database.owner, owner)
      const matter = new MatterDriver({
        outbox,
        sandbox,
        firmId: owner.firmId,
        matterId,
        currency: 'USD',
        commands,
        database,
        engine,
        otherRuns,
      })
      matterRuns.push(matter)
      return matter
    },
    async days(count) {
      await pass(count * DAY_MS)
      await quiet(database)
    },
    async until(isoInstant) {
      await world.until(Date.parse(isoInstant))
    },
    hoursOfTrouble: (count) => pass(count * 60 * 60 * 1000),
    async end() {
      try {
        await quiet(database)
        await expectBooksBalance(database.owner)
        if (options.reconciles) await expectReconciled()
        const started = [
          await startedOnes(database, matterRuns),
          await payoutRuns(database),
          await noticeRuns(database),
        ]
        const runs = await historiesOf(engine.client, [...started.flat(), ...otherRuns])
        expectNoFailedTasks(runs, options)
        await expectNobodyNamedByEngine(engine.client, database.owner, otherRuns)
        await expectReplays(runs)
      } finally {
        await stop()
      }
    },
  }
}

async function payoutRuns(database: TestDatabase): Promise<RunOf[]> {
  const payouts = await database.owner.selectFrom('payout').select(['account', 'id']).distinct().execute()
  return payouts.map(({ account, id }) => ({ workflowId: payoutWorkflowId(account, id) }))
}

async function noticeRuns(database: TestDatabase): Promise<RunOf[]> {
  const notices = await database.owner
    .selectFrom('effect')
    .select('id')
    .where('matter_id', 'is', null)
    .where('kind', '=', 'MAIL')
    .execute()
  return notices.map(({ id }) => ({ workflowId: noticeWorkflowId(id) }))
}

async function differencesOf(database: TestDatabase, reconciliationId: string): Promise<string[]> {
  const rows = await database.owner
    .selectFrom('reconciliation_difference')
    .select(['code', 'subject', 'expected', 'found'])
    .where('reconciliation_id', '=', reconciliationId)
    .orderBy('line')
    .execute()
  return rows.map(({ code, subject, expected, found }) => `${code} ${subject}: ${expected}, ${found}`)
}

/** Matters that were only refused before anything was saved have no workflow. */
async function startedOnes(database: TestDatabase, runs: RunOf[]): Promise<RunOf[]> {
  const rows = await database.owner.selectFrom('retainer').select('matter_id').where('version', '>', 0n).execute()
  return runs.filter(({ workflowId }) => rows.some(({ matter_id }) => workflowId.endsWith(matter_id)))
}
