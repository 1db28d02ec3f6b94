import { randomUUID } from 'node:crypto'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { GraphQLClient } from '../../src/demo/graphql-client.ts'
import { patiently } from '../../src/demo/patiently.ts'
import type { CurrencyCode } from '../../src/domain/money.ts'
import { PREPARE_STEPS } from '../../src/stack/prepare.ts'
import { type Stack, type StackOptions, startStack } from '../../src/stack/stack.ts'
import { FarSide } from '../support/far-side.ts'

/** A firm of the practice at its API, with two matters of each client side by side. */
export interface Firm {
  id: string
  currency: CurrencyCode
  /** Its connected account; null is paid on the platform's own. */
  account: string | null
  api: GraphQLClient
  matterIds: string[]
}

/** The whole product as `npm start` runs it, with firms of several currencies and accounts that know nothing of each other. */
export interface Practice {
  stack: Stack
  db: Database
  sandbox: FarSide
  outbox: FarSide
  firms: Firm[]
  stop(): Promise<void>
}

const PORTS = ['API', 'WORKER_HEALTH', 'STRIPE_SANDBOX', 'OUTBOX', 'IDENTITY', 'TEMPORAL', 'TEMPORAL_UI', 'POSTGRES']

const FIRMS: Pick<Firm, 'currency' | 'account'>[] = [
  { currency: 'USD', account: null },
  { currency: 'USD', account: 'acct_riverside' },
  { currency: 'JPY', account: 'acct_minato' },
  { currency: 'KWD', account: 'acct_salmiya' },
]

/** How many firms a practice has. */
export const FIRM_COUNT = FIRMS.length

interface PracticeOptions extends Partial<Pick<StackOptions, 'programFiles' | 'report' | 'signal'>> {
  /** An even number. */
  mattersPerFirm: number
  /** Variables beyond those of a stack of its own on free ports. */
  env?: NodeJS.ProcessEnv
}

/** Starts a stack in a temporary folder and enters the firms. */
export async function openPractice({ mattersPerFirm, env, ...how }: PracticeOptions): Promise<Practice> {
  const ports = Object.fromEntries(PORTS.map((name) => [`${name}_PORT`, '0']))
  const own = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...ports, ...env }
  const stack = await startStack({
    report: () => undefined,
    ...how,
    env: own,
    prepare: PREPARE_STEPS,
    temporary: true,
  })
  const db = openDatabase(stack.env.DATABASE_URL, { name: 'test-practice', max: 4 })
  async function stop(): Promise<void> {
    await db.destroy()
    await stack.stop()
  }
  try {
    const sandbox = new FarSide(stack.urls.sandbox ?? '')
    // Debits and refunds are decided by acts alone, so that nothing is still to come when a life is over.
    await sandbox.behaves({ debitSettlesAfterMs: null, refundSettlesAfterMs: null })
    const firms: Firm[] = []
    for (const firm of FIRMS) firms.push(await openFirm(stack, db, firm, mattersPerFirm))
    return { stack, db, sandbox, outbox: new FarSide(stack.urls.outbox ?? ''), firms, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** From now on the provider's webhooks come twice, and three by three in reverse order. */
export async function disorderWebhooks({ sandbox }: Practice): Promise<void> {
  const body = JSON.stringify({ webhooks: { duplicate: true, holdAndReverse: 3 } })
  const response = await fetch(`${sandbox.url}/_control/faults`, { method: 'POST', body })
  if (!response.ok) throw new Error(await response.text())
}

/** Another matter of the client of `matterId`. */
export async function openMatter(db: Database, firmId: string, matterId: string): Promise<string> {
  const { client_id } = await patiently('the books can be read', () =>
    db.selectFrom('matter').select('client_id').where('id', '=', matterId).executeTakeFirstOrThrow(),
  )
  const id = randomUUID()
  await patiently('the matter is entered', () =>
    db
      .insertInto('matter')
      .values({ id, firm_id: firmId, client_id, number: id.slice(0, 8), title: 'The next one' })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute(),
  )
  return id
}

async function openFirm(
  stack: Stack,
  db: Database,
  { currency, account }: Pick<Firm, 'currency' | 'account'>,
  mattersPerFirm: number,
): Promise<Firm> {
  const id = randomUUID()
  const name = `Firm of ${account ?? 'the platform'}`
  await db
    .insertInto('firm')
    .values({
      id,
      name,
      currency,
      stripe_account: account,
      general_retainer_enabled: true,
      notifications_email: `office@${id.slice(0, 8)}.example`,
      sender_name: name,
      sender_email: 'retainers@firm.example',
    })
    .execute()
  const matterIds: string[] = []
  for (let n = 1; n <= mattersPerFirm / 2; n += 1) {
    const clientId = randomUUID()
    const email = `client${n}@${id.slice(0, 8)}.example`
    await db
      .insertInto('client')
      .values({ id: clientId, firm_id: id, name: `Client ${n}`, email })
      .execute()
    for (const m of [1, 2]) {
      const matterId = randomUUID()
      const row = { id: matterId, firm_id: id, client_id: clientId, number: `${n}-${m}`, title: `Matter ${n}-${m}` }
      await db.insertInto('matter').values(row).execute()
      matterIds.push(matterId)
    }
  }
  const token = await firmToken(stack.urls.token ?? '', id)
  return { id, currency, account, api: new GraphQLClient(stack.urls.graphql, token), matterIds }
}

function firmToken(tokenUrl: string, firmId: string): Promise<string> {
  return patiently('the identity provider gives a token', async () => {
    const body = JSON.stringify({ roles: ['ADMIN'], firmId })
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(tokenUrl, { method: 'POST', headers, body })
    return ((await response.json()) as { access_token?: string }).access_token
  })
}
