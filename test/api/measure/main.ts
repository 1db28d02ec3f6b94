import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../../src/db/pool.ts'
import { enterDemoFirm } from '../../../src/demo/firm.ts'
import { developmentToken } from '../../../src/demo/graphql-client.ts'
import { DEMO_FIRM_ID } from '../../../src/identity/demo-firm.ts'
import { PREPARE_STEPS } from '../../../src/stack/prepare.ts'
import { startStack } from '../../../src/stack/stack.ts'
import { fileMatters } from '../many-matters.ts'
import { CREATE_ONLINE, LIST_OF_50, LIST_WITH_TRANSACTIONS, MATTER_PAGE, SAVE_OPTIONS, TOTALS } from './documents.ts'
import { type Bodies, load, type Measured } from './load.ts'

/**
 * What screens and commands cost over real HTTP, with the whole stack behind: API and worker as processes of their own, PostgreSQL,
 * the Temporal development server, tokens that are verified; beside a bare Yoga "hello world" in the same run. Not part of the tests:
 * `node --import tsx test/api/measure/main.ts [seconds] [matters]`. Client and servers share the machine.
 */
const SECONDS = Number(process.argv[2] ?? 5)
const MATTERS = Number(process.argv[3] ?? 10_000)
/** Each is asked to pay once: a run of Create online ends with its matters. */
const COMMANDS = { 1: 100, 32: 800 }
const CLIENTS = [1, 32] as const
const MUCH = '1000000000'
const OPTIONS = {
  enabled: true,
  payNewInvoices: 'AUTOMATIC',
  initialAmount: { amount: '1000.00', currencyCode: 'USD' },
  replenishment: { enabled: false },
}

const stack = await startStack({ env: environment(), report: () => undefined, prepare: PREPARE_STEPS, temporary: true })
const hello = fork(fileURLToPath(new URL('./hello.ts', import.meta.url)))
try {
  const [{ port }] = (await once(hello, 'message')) as [AddressInfo]
  const token = await developmentToken(stack.urls.token ?? '', ['ADMIN'])
  const { matterIds, freshIds } = await fileBooks(stack.env.DATABASE_URL)

  const ours = { url: stack.urls.graphql, token }
  const bare = { url: `http://127.0.0.1:${port}/graphql`, token: '' }
  const rows: Record<string, object> = {}
  const measure = async (name: string, clients: number, next: Bodies, { at = ours, forMs = SECONDS * 1_000 } = {}) => {
    const measured = await load({ ...at, clients, next, forMs })
    rows[`${name}, ${clients} ${clients === 1 ? 'client' : 'clients'}`] = shown(measured)
  }
  const anyMatter = () => pageOf(matterIds[Math.floor(Math.random() * matterIds.length)] ?? '')

  // What a process learns once, and what PostgreSQL reads once, is nobody's price.
  for (const body of [LIST_OF_50, LIST_WITH_TRANSACTIONS, TOTALS]) {
    await load({ ...ours, clients: 4, forMs: 1_000, next: () => asked(body) })
  }
  await load({ ...ours, clients: 4, forMs: 2_000, next: anyMatter })
  await load({ ...bare, clients: 4, forMs: 2_000, next: () => asked('{ hello }') })

  for (const clients of CLIENTS) {
    await measure('bare Yoga hello world', clients, () => asked('{ hello }'), { at: bare })
    await measure('a matter page', clients, anyMatter)
    await measure('the list of 50', clients, () => asked(LIST_OF_50))
    await measure('the list of 50, with transactions', clients, () => asked(LIST_WITH_TRANSACTIONS))
    await measure('the totals', clients, () => asked(TOTALS))
    const ids = freshIds.splice(0, COMMANDS[clients])
    const saving = (matterId: string) => commanded(SAVE_OPTIONS, { matterId, ...OPTIONS })
    await load({ ...ours, clients: 8, forMs: Infinity, next: each(ids, saving) })
    const creating = (matterId: string) => commanded(CREATE_ONLINE, { matterId })
    await measure('Create online', clients, each(ids, creating), { forMs: Infinity })
  }
  console.log(
    `${MATTERS} matters in the database; ${SECONDS} s each, Create online until each of its matters was asked once.`,
  )
  console.table(rows)
} finally {
  hello.kill()
  await stack.stop()
}

function environment(): NodeJS.ProcessEnv {
  const names = ['API', 'WORKER_HEALTH', 'STRIPE_SANDBOX', 'OUTBOX', 'IDENTITY', 'TEMPORAL', 'TEMPORAL_UI', 'POSTGRES']
  const limits = ['QUERIES', 'COMMANDS', 'CREATE_ONLINE']
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    ...Object.fromEntries(names.map((name) => [`${name}_PORT`, '0'])),
    ...Object.fromEntries(limits.map((name) => [`RATE_LIMIT_${name}`, MUCH])),
  }
}

/** The firm with its years of matters, and some that nothing has happened on yet. Global ids of both. */
async function fileBooks(ownerUrl: string): Promise<{ matterIds: string[]; freshIds: string[] }> {
  await enterDemoFirm(ownerUrl)
  const owner = openDatabase(ownerUrl, { name: 'measure', max: 2 })
  try {
    await owner.updateTable('firm').set({ general_retainer_enabled: true }).where('id', '=', DEMO_FIRM_ID).execute()
    await fileMatters(owner, DEMO_FIRM_ID, MATTERS)
    const known = await owner.selectFrom('matter').select('id').execute()
    const { client_id } = await owner.selectFrom('matter').select('client_id').limit(1).executeTakeFirstOrThrow()
    const fresh = Array.from({ length: COMMANDS[1] + COMMANDS[32] }, (_, nth) => ({
      id: randomUUID(),
      firm_id: DEMO_FIRM_ID,
      client_id,
      number: `fresh-${nth}`,
      title: 'Fresh',
    }))
    await owner.insertInto('matter').values(fresh).execute()
    return { matterIds: known.map(globalId), freshIds: fresh.map(globalId) }
  } finally {
    await owner.destroy()
  }
}

function globalId({ id }: { id: string }): string {
  return Buffer.from(`Matter:${id}`).toString('base64')
}

function asked(query: string, variables: object = {}): string {
  return JSON.stringify({ query, variables })
}

function pageOf(id: string): string {
  return asked(MATTER_PAGE, { id })
}

function commanded(query: string, input: object): string {
  return asked(query, { input: { idempotencyKey: randomUUID(), ...input } })
}

function each(ids: readonly string[], body: (id: string) => string): Bodies {
  let nth = 0
  return () => {
    const id = ids[nth++]
    return id === undefined ? undefined : body(id)
  }
}

function shown({ requests, perSecond, p50Ms, p95Ms }: Measured): object {
  return { 'p50 ms': p50Ms.toFixed(1), 'p95 ms': p95Ms.toFixed(1), 'per second': perSecond.toFixed(0), requests }
}
