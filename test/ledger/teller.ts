import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { UnappliedFact, UnappliedFactResult } from '../../activities/books-wire.ts'
import { identities } from '../../src/books/identities.ts'
import type { Command, Fact, SentPart } from '../../src/domain/events.ts'
import type { RetainerState } from '../../src/domain/state.ts'
import { fromWire, toWire, type Wire } from '../../src/domain/wire.ts'
import { factKey } from '../../workflows/fact-keys.ts'
import { deciding, type Ledger, NOON } from './ledger.ts'

export type DisputeStep = 'disputeOpened' | 'paymentReversed' | 'reversalWon' | 'disputeClosed'
export type PartFate = 'IN_FLIGHT' | 'TAKEN' | 'REFUSED'
type Payment = Awaited<ReturnType<ReturnType<typeof teller>['payment']>>

/** Tells the books what happens at the provider, as the worker does: each fact to the matter where its payment is booked. */
export function teller(ledger: Ledger) {
  const db = ledger.database.owner
  const byIds = (table: 'payment' | 'refund', id: string) =>
    db.selectFrom(table).where('firm_id', '=', ledger.firm.firmId).where('id', '=', id)

  const payment = (id: string) => byIds('payment', id).selectAll().executeTakeFirstOrThrow()

  async function stateOf(matterId: string): Promise<RetainerState> {
    const { state } = await db
      .selectFrom('retainer')
      .select('state')
      .where('matter_id', '=', matterId)
      .executeTakeFirstOrThrow()
    return fromWire<RetainerState>(state as unknown as Wire<RetainerState>)
  }

  /** Commits on the matter as it stands. @throws what the books refuse, by name. */
  const take = async (matterId: string, event: Command | Fact, key?: string): Promise<RetainerState> =>
    ledger.take(await stateOf(matterId), event, key)

  async function pay(
    matter: { matterId: string },
    amountMinor: bigint,
    method: 'CARD' | 'BANK_DEBIT' = 'CARD',
    paymentId = `pi_${randomUUID()}`,
  ): Promise<string> {
    const facts = { providerAccount: 'platform', requestId: null, attemptId: null, method, feeMinor: null }
    const fact = { kind: 'paymentSettled', paymentId, amountMinor, ...facts } as const
    await take(matter.matterId, fact, factKey(fact))
    return paymentId
  }

  async function bookUnapplied(amountMinor: bigint): Promise<string> {
    const paymentId = `pi_${randomUUID()}`
    const facts = { providerAccount: 'platform', method: 'CARD', feeMinor: null, inboxId: null, atMs: NOON }
    const booked = { firmId: ledger.firm.firmId, paymentId, amountMinor: amountMinor.toString(), ...facts }
    await sql`select book_unapplied(${JSON.stringify(booked)}::jsonb)`.execute(ledger.worker)
    return paymentId
  }

  async function bookUnappliedFact(fact: Omit<UnappliedFact, 'firmId' | 'inboxId'> & Record<string, unknown>) {
    const told = JSON.stringify({ ...fact, firmId: ledger.firm.firmId, inboxId: null, atMs: NOON })
    const { rows } = await sql<{ result: UnappliedFactResult }>`
      select book_unapplied_fact(${told}::jsonb) as result`.execute(ledger.worker)
    return rows[0]?.result
  }

  const inBooks = (row: Payment) => ({
    paymentId: row.id,
    providerAccount: row.provider_account ?? '',
    paymentVersion: Number(row.version),
    unappliedMinor: row.unapplied_minor,
  })

  /** A step of a dispute, at the home that the payment has in `as`, by default now. */
  async function dispute(
    paymentId: string,
    disputeId: string,
    step: DisputeStep,
    { amountMinor, outcome = 'LOST', as }: { amountMinor?: bigint; outcome?: 'WON' | 'LOST'; as?: Payment } = {},
  ): Promise<void> {
    const row = as ?? (await payment(paymentId))
    const amount = amountMinor ?? row.amount_minor
    const closing = { disputeId, paymentId, outcome }
    const moving = { disputeId, amountMinor: amount, deadlineMs: NOON, ...inBooks(row) }
    if (row.matter_id === null) {
      await bookUnappliedFact({ fact: step, ...closing, ...toWire(moving) })
      return
    }
    const fact = { kind: step, ...(step === 'disputeClosed' ? closing : moving) } as Extract<
      Fact,
      { kind: DisputeStep }
    >
    await take(row.matter_id, fact, factKey(fact))
  }

  /** A refund that the firm made at the provider. */
  async function found(paymentId: string, providerRefundId: string, amountMinor: bigint): Promise<void> {
    const row = await payment(paymentId)
    if (row.matter_id === null) {
      const fact = { fact: 'refundFound', paymentId, providerRefundId, amountMinor: amountMinor.toString() } as const
      await bookUnappliedFact(fact)
      return
    }
    const fact = { kind: 'refundFound', providerRefundId, amountMinor, ...inBooks(row) } as const
    await take(row.matter_id, fact, factKey(fact))
  }

  async function partsOf(refundId: string) {
    const { matter_id: matterId, source } = await byIds('refund', refundId)
      .select(['matter_id', 'source'])
      .executeTakeFirstOrThrow()
    const rows = await db
      .selectFrom('refund_part')
      .selectAll()
      .where('firm_id', '=', ledger.firm.firmId)
      .where('refund_id', '=', refundId)
      .orderBy('id')
      .execute()
    const online = rows
      .filter(({ means }) => means === 'ONLINE')
      .map((row) => ({
        refundId,
        partId: row.id,
        paymentId: row.payment_id,
        amountMinor: row.amount_minor,
        providerAccount: row.provider_account ?? '',
        source: source as SentPart['source'],
      }))
    return { matterId: matterId ?? '', rows, online }
  }

  /** The courier has asked for the refund's parts; each has come to what `fate` says. */
  async function sent(refundId: string, fate: (part: string) => PartFate = () => 'IN_FLIGHT'): Promise<void> {
    const { matterId, rows, online } = await partsOf(refundId)
    const { effects } = await stateOf(matterId)
    const effectId = effects.find((effect) => effect.kind === 'REFUND' && effect.refundId === refundId)?.id ?? 'done'
    const otherMeansMinor = rows
      .filter(({ means }) => means === 'OTHER')
      .reduce((sum, row) => sum + row.amount_minor, 0n)
    const parts = online.map((part) => ({ ...part, status: fate(part.partId) }))
    await take(matterId, { kind: 'refundSent', effectId, refundId, parts, otherMeansMinor }, `refund:${refundId}:sent`)
  }

  async function outcome(refundId: string, nth: number, kind: 'refundTaken' | 'refundFailed', wasTaken = false) {
    const { matterId, online } = await partsOf(refundId)
    const part = online[nth]
    if (!part) return
    const fact = kind === 'refundTaken' ? { kind, ...part } : { kind, wasTaken, ...part }
    await take(matterId, fact, factKey(fact))
  }

  /** The entries of a posting as `DEBIT ACCOUNT amount`, its kind first. */
  async function posted(key: string): Promise<string[]> {
    const rows = await db
      .selectFrom('entry')
      .innerJoin('posting', 'posting.id', 'entry.posting_id')
      .select(['posting.kind', 'entry.side', 'entry.account', 'entry.amount_minor'])
      .where('posting.firm_id', '=', ledger.firm.firmId)
      .where('posting.key', '=', key)
      .orderBy('entry.line')
      .execute()
    const [first] = rows
    return first ? [first.kind, ...rows.map((row) => `${row.side} ${row.account} ${row.amount_minor}`)] : []
  }

  /** The name of a refusal, or null. */
  async function refusalOf(matterId: string, event: Command): Promise<string | null> {
    const result = await ledger.commit(deciding(await stateOf(matterId), event).request)
    return result.outcome === 'refused' ? result.refusal.code : null
  }

  return {
    payment,
    stateOf,
    take,
    pay,
    bookUnapplied,
    bookUnappliedFact,
    dispute,
    found,
    partsOf,
    sent,
    outcome,
    posted,
    refusalOf,
    balanceOf: async (matterId: string) => (await stateOf(matterId)).balanceMinor,
    /** What breaks the books of the ledger's firm. */
    differences: () => identities(db, ledger.firm.firmId),
  }
}

export const refunding = (amountMinor: bigint | null, refundId: string = randomUUID()): Command => ({
  kind: 'refundRetainer',
  refundId,
  amountMinor,
})

export const transferring = (toMatterId: string, amountMinor: bigint, transferId: string = randomUUID()): Command => ({
  kind: 'transferRetainer',
  transferId,
  toMatterId,
  amountMinor,
})

export const assigning = (paymentId: string, amountMinor: bigint): Command => ({
  kind: 'assignUnappliedFunds',
  paymentId,
  currency: 'USD',
  amountMinor,
})
