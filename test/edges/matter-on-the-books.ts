import { randomUUID } from 'node:crypto'
import { ledgerActivities } from '../../activities/ledger.ts'
import { type CommandGateway, digest } from '../../src/api/command-gateway.ts'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { decide } from '../../src/domain/decide.ts'
import type { Answer, Command, Fact } from '../../src/domain/events.ts'
import { NO_OPTIONS } from '../../src/domain/options.ts'
import { projectionOf } from '../../src/domain/projection.ts'
import { newRetainer, type RetainerState } from '../../src/domain/state.ts'
import { fromWire, toWire } from '../../src/domain/wire.ts'
import { linkHash, linkToken } from '../../src/pay/link.ts'
import { factKey } from '../../workflows/fact-keys.ts'
import type { TestDatabase } from '../support/database.ts'
import { createMatter, type TestFirm } from '../support/firm.ts'

const LINK_SECRET = 'a secret that only the tests know of'
export const PROVIDER_PAGE = 'https://checkout.stripe.test/c/pay'

/** Decides by the rules and commits to the real books, as the workflow does, without an engine and without a courier. */
export interface Books {
  commands: CommandGateway
  tell(matter: MatterId, fact: Fact, key?: string): Promise<void>
  close(): Promise<void>
}

interface MatterId {
  firmId: string
  matterId: string
}

export function openBooks(database: TestDatabase): Books {
  const db = openDatabase(database.workerUrl, { name: 'test-worker', max: 3 })
  const ledger = ledgerActivities({
    db,
    linkHash: (requestId) => linkHash(linkToken(LINK_SECRET, requestId)),
    notify: () => undefined,
  })

  /** What the workflow looks up before it decides. */
  async function lookedUp({ firmId, matterId }: MatterId, event: Command | Fact): Promise<{ owedMinor?: bigint }> {
    if (event.kind !== 'applyRetainer') return {}
    return { owedMinor: BigInt(await ledger.owedOnInvoice(firmId, matterId, event.invoiceId)) }
  }

  async function take(matter: MatterId, event: Command | Fact, key: string, inputHash: string): Promise<Answer> {
    for (;;) {
      const loaded = await ledger.loadMatter(matter.firmId, matter.matterId)
      const before = loaded.state
        ? fromWire<RetainerState>(loaded.state)
        : newRetainer(matter.firmId, matter.matterId, loaded.currency)
      const atMs = Date.now()
      const { state, plan, answer } = decide(before, { ...event, ...(await lookedUp(matter, event)), atMs })
      const result = await ledger.commitMatter({
        ...matter,
        key,
        inputHash,
        kind: event.kind,
        atMs,
        expectedVersion: before.version,
        currency: state.currency,
        inboxId: null,
        inboxKeys: [],
        overtakenBy: [],
        answer: toWire(answer),
        plan: toWire(plan),
        state: toWire(state),
        projection: toWire(projectionOf(state)),
      })
      if (result.outcome === 'committed') return answer
      if (result.outcome === 'repeated') return fromWire<Answer>(result.answer)
      if (result.outcome === 'refused') return fromWire<Answer>({ ok: false, refusal: result.refusal })
    }
  }

  return {
    commands: {
      send: ({ firmId, matterId, key, input, command }) =>
        take({ firmId, matterId }, command, key, digest({ matterId, kind: command.kind, input })),
    },
    async tell(matter, fact, key = randomUUID()) {
      await take(matter, fact, key, digest(fact))
    },
    close: () => db.destroy(),
  }
}

/** A matter whose client has been asked for `initialMinor`, and its payment link's token. */
export async function requestedMatter(books: Books, owner: Database, firm: TestFirm, initialMinor = 100_000n) {
  const ids = { firmId: firm.firmId, matterId: await createMatter(owner, firm) }
  const send = (command: Command): Promise<Answer> =>
    books.commands.send({ ...ids, key: randomUUID(), input: command, command })
  const options = { ...NO_OPTIONS, enabled: true, initialAmountMinor: initialMinor }
  await send({ kind: 'saveOptions', currency: 'USD', options })
  await send({ kind: 'createOnline' })
  const requestId = `${ids.matterId}-r1`

  /** What the courier does: the provider has made a page for the attempt, and the matter takes note. */
  async function pageIsMade(attemptId: string): Promise<void> {
    const sessionId = `cs_${attemptId}`
    await owner
      .updateTable('attempt')
      .set({ session_id: sessionId, checkout_url: `${PROVIDER_PAGE}/${sessionId}` })
      .where('id', '=', attemptId)
      .execute()
    await books.tell(ids, { kind: 'sessionOpened', effectId: `open-${attemptId}`, attemptId, sessionId })
  }

  /** The provider says that the client paid. */
  async function clientPays(amountMinor: bigint, attemptId: string | null = null): Promise<string> {
    const paymentId = `pi_${randomUUID().slice(0, 8)}`
    const fact = {
      kind: 'paymentSettled',
      paymentId,
      amountMinor,
      providerAccount: 'platform',
      requestId,
      attemptId,
      method: 'CARD',
      feeMinor: null,
    } as const
    await books.tell(ids, fact, factKey(fact))
    return paymentId
  }

  return { ...ids, requestId, token: linkToken(LINK_SECRET, requestId), send, pageIsMade, clientPays }
}
