import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Command } from '../../src/domain/events.ts'
import { invoicing, type Ledger, openLedger } from './ledger.ts'
import { assigning, type PartFate, refunding, teller, transferring } from './teller.ts'

let ledger: Ledger
let tell: ReturnType<typeof teller>
beforeAll(async () => {
  ledger = await openLedger()
  tell = teller(ledger)
})
afterAll(() => ledger.end())

const CHECK_VIOLATION = '23514'

/** What can happen, as often as it is listed. `n` chooses whom it happens to and how much it is. */
const HAPPENINGS = [
  'pay',
  'pay',
  'payNobody',
  'cheque',
  'invoice',
  'invoice',
  'refund',
  'refund',
  'refundUnapplied',
  'send',
  'send',
  'taken',
  'failed',
  'found',
  'dispute',
  'withdraw',
  'withdraw',
  'win',
  'decide',
  'transfer',
  'transfer',
  'transfer',
  'transfer',
  'assign',
  'assign',
  'close',
  'payout',
] as const
type Happening = (typeof HAPPENINGS)[number]

interface Step {
  what: Happening
  who: number
  whom: number
  n: number
}

const step = fc.record<Step>({
  what: fc.constantFrom(...HAPPENINGS),
  who: fc.nat(1_000),
  whom: fc.nat(1_000),
  n: fc.integer({ min: 1, max: 1_000 }),
})

/** Four matters, of two clients, and everything that happened to them so far. */
async function world() {
  const clientId = randomUUID()
  const { firmId } = ledger.firm
  await ledger.database.owner
    .insertInto('client')
    .values({ id: clientId, firm_id: firmId, name: 'Charles Babbage', email: 'charles@babbage.example' })
    .execute()
  const matters = [
    await ledger.holding(0n),
    await ledger.holding(500n),
    await ledger.holding(0n),
    await ledger.holding(0n, { ...ledger.firm, clientId }),
  ].map(({ matterId }) => matterId)
  const payments: string[] = []
  const refunds: string[] = []
  const disputes: { id: string; paymentId: string }[] = []
  const pick = <T>(from: T[], n: number): T | undefined => from[n % from.length]

  /** A command that the rules refuse is answered, and makes no refund. */
  async function refund(matterId: string, refundId: string, command: Command) {
    const { refunds: open } = await tell.take(matterId, command)
    if (open.some(({ id }) => id === refundId)) refunds.push(refundId)
  }

  return async ({ what, who, whom, n }: Step): Promise<void> => {
    const matterId = pick(matters, who) ?? ''
    const other = pick(matters, whom) ?? ''
    const paymentId = pick(payments, whom)
    const refundId = pick(refunds, whom)
    const dispute = pick(disputes, whom)
    const amountMinor = BigInt(n)
    switch (what) {
      case 'pay':
        payments.push(await tell.pay({ matterId }, amountMinor, n % 3 === 0 ? 'BANK_DEBIT' : 'CARD'))
        return
      case 'payNobody':
        payments.push(await tell.bookUnapplied(amountMinor))
        return
      case 'cheque': {
        const cheque = { paymentId: randomUUID(), currency: 'USD', amountMinor } as const
        await tell.take(matterId, { kind: 'recordOfflinePayment', ...cheque })
        return
      }
      case 'invoice':
        await tell.take(matterId, invoicing(amountMinor))
        return
      case 'refund': {
        const id = randomUUID()
        return refund(matterId, id, refunding(n % 4 === 0 ? null : amountMinor, id))
      }
      case 'refundUnapplied': {
        if (!paymentId) return
        const { matter_id } = await tell.payment(paymentId)
        const id = randomUUID()
        const command = { kind: 'refundUnappliedFunds', refundId: id, paymentId, amountMinor } as const
        return refund(matter_id ?? matterId, id, command)
      }
      case 'send':
        if (refundId) await tell.sent(refundId, () => pick<PartFate>(['IN_FLIGHT', 'TAKEN', 'REFUSED'], n) ?? 'TAKEN')
        return
      case 'taken':
        if (refundId) await tell.outcome(refundId, n % 2, 'refundTaken')
        return
      case 'failed':
        if (refundId) await failed(refundId, n % 2)
        return
      case 'found': {
        if (!paymentId) return
        // The provider does not give back more than there is.
        const { amount_minor, refunded_minor, reversed_minor } = await tell.payment(paymentId)
        const left = amount_minor - refunded_minor - reversed_minor
        const isNew = payments.filter((id) => id === paymentId).length === 1
        if (left > 0n && isNew) await tell.found(paymentId, `re_${paymentId}`, left > 10n ? 10n : left)
        return
      }
      case 'dispute':
        if (paymentId) {
          const opened = { id: `dp_${randomUUID()}`, paymentId }
          disputes.push(opened)
          await tell.dispute(paymentId, opened.id, 'disputeOpened')
        }
        return
      case 'withdraw':
        if (dispute) await tell.dispute(dispute.paymentId, dispute.id, 'paymentReversed')
        return
      case 'win': {
        if (!dispute) return
        const taken = ledger.database.owner.selectFrom('dispute').select('withdrawn_minor').where('id', '=', dispute.id)
        const { withdrawn_minor: amount } = (await taken.executeTakeFirst()) ?? { withdrawn_minor: 0n }
        if (amount > 0n) await tell.dispute(dispute.paymentId, dispute.id, 'reversalWon', { amountMinor: amount })
        return
      }
      case 'decide':
        if (dispute)
          await tell.dispute(dispute.paymentId, dispute.id, 'disputeClosed', { outcome: n % 2 ? 'WON' : 'LOST' })
        return
      case 'transfer':
        await tell.take(matterId, transferring(other, amountMinor / 4n + 1n))
        return
      case 'assign':
        if (paymentId) await tell.take(matterId, assigning(paymentId, (await tell.payment(paymentId)).unapplied_minor))
        return
      case 'close':
        if (n % 3 === 0) await tell.take(matterId, { kind: 'closeMatter' })
        return
      case 'payout':
        return payout(
          payments.filter((_, index) => index % 3 === n % 3),
          n,
        )
    }
  }

  /** As the provider tells it: a part that was taken, or that it has taken since, came back. */
  async function failed(refundId: string, nth: number) {
    const { rows } = await tell.partsOf(refundId)
    const part = rows.filter(({ means }) => means === 'ONLINE')[nth]
    await tell.outcome(refundId, nth, 'refundFailed', part?.status === 'TAKEN')
  }
}

async function payout(paymentIds: string[], n: number): Promise<void> {
  const lines = await Promise.all(
    paymentIds.map(async (paymentId) => {
      const { amount_minor } = await tell.payment(paymentId)
      const id = `txn_${randomUUID()}`
      return { id, kind: 'CHARGE', paymentId, amountMinor: String(amount_minor), feeMinor: String(n % 50), atMs: 0 }
    }),
  )
  lines.push({ id: `txn_${randomUUID()}`, kind: 'FEE', paymentId: '', amountMinor: String(-n), feeMinor: '0', atMs: 0 })
  const told = { account: 'platform', payoutId: `po_${randomUUID()}`, amountMinor: '0', arrivesAtMs: 0, atMs: 0, lines }
  const statuses = n % 4 === 0 ? ['PAID', 'FAILED', 'PAID'] : ['PAID', 'PAID']
  for (const status of statuses)
    await sql`select book_payout(${JSON.stringify({ ...told, status })}::jsonb)`.execute(ledger.worker)
}

/** A refusal by name, or a race that the books decided: told again it is decided on what stands by then. */
function isAnAnswer(error: unknown): boolean {
  return error instanceof Error && (error.message.startsWith('Refused: ') || codeOf(error) === CHECK_VIOLATION)
}

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined)

test('R12–R20: whatever happens, three things at a time and each fact twice, the books keep their identities', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 45, size: 'max' }), async (steps) => {
      const happen = await world()
      for (let at = 0; at < steps.length; at += 3) {
        const chunk = steps.slice(at, at + 3)
        // Not beside a refund from here: the provider would refuse one of the two.
        const found = chunk.filter(({ what }) => what === 'found')
        const together = chunk.filter((each) => !found.includes(each))
        for (const now of [
          [...together, ...together.filter(isFact)],
          [...found, ...found],
        ]) {
          const outcomes = await Promise.allSettled(now.map(happen))
          for (const outcome of outcomes)
            if (outcome.status === 'rejected' && !isAnAnswer(outcome.reason)) throw outcome.reason
        }
      }
      expect(await tell.differences()).toEqual([])
    }),
    { numRuns: Number(process.env['LEDGER_PLAYS'] ?? 40), endOnFailure: true },
  )
}, 600_000)

const FACTS = new Set<Happening>(['send', 'taken', 'failed', 'withdraw', 'win', 'decide'])
const isFact = ({ what }: Step) => FACTS.has(what)
