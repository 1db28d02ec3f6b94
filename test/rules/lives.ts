import fc from 'fast-check'
import type { Command } from '../../src/domain/events.ts'
import { BOOK_MOVES } from './play-books.ts'

/** One thing to happen in random play; `pick` chooses among what is there. */
export interface Move {
  what: (typeof WHATS)[number]
  pick: number
  paid: bigint | 'due' | 'nearly'
  invoiced: bigint | 'to the minimum'
  options: Extract<Command, { kind: 'saveOptions' }>['options']
}

// What a matter sees often stands here more than once.
const WHATS = [
  ...([
    'save',
    'save',
    'createOnline',
    'createOnline',
    'createOnline',
    'turnOff',
    'withdraw',
    'openPayment',
    'openPayment',
  ] as const),
  ...(['pay', 'pay', 'payOldLink', 'cheque', 'debit', 'debit', 'debitSettles', 'debitFails'] as const),
  ...(['invoice', 'invoice', 'invoice', 'apply', 'apply', 'reverse', 'reminder', 'reminder', 'carry'] as const),
  ...([
    'sessionOpens',
    'sessionOpens',
    'sessionOpens',
    'sessionEnds',
    'effectFails',
    'bounce',
    'dismiss',
    'unknownReminder',
    'close',
  ] as const),
  ...BOOK_MOVES,
] as const

// Payments are small against what is asked for and invoices large, so that matters are seldom without an open request.
const small = fc.constantFrom(1n, 20n, 49n, 50n, 51n, 100n, 500n)
const large = fc.constantFrom(500n, 999n, 1000n, 2000n, 3000n, 5000n, 6000n)
const wrong = fc.constantFrom(-1n, 100_000_000n)
const mostly = <T>(often: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>, times = 6): fc.Arbitrary<T> =>
  fc.oneof({ weight: times, arbitrary: often }, { weight: 1, arbitrary: seldom })

const options = fc.record({
  enabled: mostly(fc.constant(true), fc.constant(false)),
  initialAmountMinor: fc.oneof(fc.constant(null), large, mostly(small, mostly(fc.constant(0n), wrong))),
  type: fc.constant('GENERAL' as const),
  payNewInvoices: mostly(fc.constant('AUTOMATIC' as const), fc.constant('MANUAL' as const), 2),
  replenishment: fc
    .record({
      enabled: mostly(fc.constant(true), fc.constant(false), 3),
      minimum: mostly(large, mostly(fc.constant(0n), wrong)),
      percent: fc.oneof(fc.nat(99), fc.constantFrom(0, 100, 100, 101)),
    })
    .map(({ enabled, minimum, percent }) => ({
      enabled,
      minimumBalanceMinor: minimum,
      topUpTriggerMinor: (minimum * BigInt(percent)) / 100n,
    })),
})

const move: fc.Arbitrary<Move> = fc.record({
  what: fc.constantFrom(...WHATS),
  pick: fc.nat(9),
  paid: fc.oneof(small, fc.constantFrom('due' as const, 'nearly' as const)),
  invoiced: mostly<bigint | 'to the minimum'>(large, fc.constant('to the minimum'), 4),
  options,
})

const first: fc.Arbitrary<Move> = fc.record({
  what: fc.constant('save' as const),
  pick: fc.constant(9),
  paid: small,
  invoiced: large,
  options: options.map((some) => ({ ...some, enabled: true })),
})

// What still happens once a matter is closed, money owed and repaid most of all.
const LATE = ['pay', 'dispute', 'dispute', 'takeBack', 'takeBack', 'reinstate', 'decideDispute'] as const
const OWED = ['cheque', 'cheque', 'assign', 'disputeDue', 'refundWaits'] as const
const LATER = ['refundUnapplied', 'refundSent', 'refundTaken', 'refundFailed', 'refundFound', 'dismiss'] as const
const late: fc.Arbitrary<Move> = move.chain((some) =>
  fc.constantFrom(...LATE, ...OWED, ...LATER).map((what) => ({ ...some, what })),
)

/** A matter's life: options first, then anything in any order. */
export const moves = (length: number): fc.Arbitrary<Move[]> =>
  fc.tuple(first, fc.array(move, { maxLength: length, size: 'max' })).map(([one, others]) => [one, ...others])

/** The life of a matter that was paid twice, spent it all and was closed early, below zero now and then. */
export const closedLives = (length: number): fc.Arbitrary<Move[]> =>
  fc.tuple(first, fc.boolean(), fc.array(late, { maxLength: length, size: 'max' })).map(([one, disputed, others]) => {
    const options = { ...one.options, initialAmountMinor: null, payNewInvoices: 'AUTOMATIC' as const }
    const replenishment = { enabled: false, minimumBalanceMinor: 0n, topUpTriggerMinor: 0n }
    const early = { ...one, pick: 0, paid: 500n, invoiced: 1000n }
    const reversed = ['dispute', 'takeBack', 'close', 'decideDispute'] as const
    const whats = ['pay', 'pay', 'invoice', ...(disputed ? reversed : (['close'] as const))] as const
    return [{ ...one, options: { ...options, replenishment } }, ...whats.map((what) => ({ ...early, what })), ...others]
  })
