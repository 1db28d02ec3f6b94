import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from '../../src/domain/decide.ts'
import type { Command, Event, Fact } from '../../src/domain/events.ts'
import { projectionOf } from '../../src/domain/projection.ts'
import type { RetainerState } from '../../src/domain/state.ts'
import { figuresAgree } from './figures-agree.ts'
import { checkInvariants } from './invariants.ts'
import { closedLives, moves } from './lives.ts'
import { play } from './play-through.ts'
import type { Story } from './story.ts'

const MAY_BE_REPEATED = new Set<(Command | Fact)['kind']>([
  'paymentSettled',
  'paymentPending',
  'paymentFailed',
  'refundSent',
  'refundWaits',
  'refundTaken',
  'refundFailed',
  'refundFound',
  'disputeOpened',
  'disputeDue',
  'paymentReversed',
  'reversalWon',
  'disputeClosed',
  'transferArrived',
])

const payment = { paymentId: 'stranger', providerAccount: 'acct', amountMinor: 7n }
const inBooks = { ...payment, paymentVersion: 1, unappliedMinor: 3n }
const part = { ...payment, refundId: 'stranger', partId: 'stranger.1', source: 'RETAINER' } as const

/** Out of order, or about what this matter has forgotten. */
const UNHEARD_OF: Fact[] = [
  {
    kind: 'refundSent',
    effectId: 'none',
    refundId: 'stranger',
    parts: [{ ...part, status: 'TAKEN' }],
    otherMeansMinor: 1n,
  },
  { kind: 'refundTaken', ...part },
  { kind: 'refundFailed', ...part, wasTaken: false },
  { kind: 'refundFailed', ...part, wasTaken: true },
  { kind: 'refundFailed', ...part, source: 'UNAPPLIED_FUNDS', wasTaken: true },
  { kind: 'refundFound', ...inBooks, providerRefundId: 're_stranger' },
  { kind: 'disputeClosed', disputeId: 'stranger', paymentId: 'stranger', outcome: 'LOST' },
  { kind: 'reversalWon', disputeId: 'stranger', ...inBooks },
  { kind: 'paymentReversed', disputeId: 'stranger', ...inBooks },
  { kind: 'disputeOpened', disputeId: 'stranger', deadlineMs: null, ...inBooks },
  { kind: 'disputeDue', disputeId: 'stranger', paymentId: 'stranger', deadlineMs: 1 },
  { kind: 'refundWaits', refundId: 'stranger' },
  { kind: 'transferArrived', transferId: 'stranger' },
  { kind: 'effectFailed', effectId: 'stranger', reason: 'FATE_UNKNOWN' },
]

const sum = (amounts: bigint[]): bigint => amounts.reduce((total, amountMinor) => total + amountMinor, 0n)

/** The identities under the books table, as far as one matter sees them. */
function identitiesHold({ state, books }: Story): void {
  const parts = [...books.parts.values()].filter(({ isOtherMeans }) => !isOtherMeans)
  const payments = [...books.payments.values()]
  const onTheirWay = parts.filter(({ status }) => status === 'PLANNED').map(({ amountMinor }) => amountMinor)
  const taken = parts.filter(({ status }) => status === 'TAKEN').map(({ amountMinor }) => amountMinor)
  const online = payments.filter(({ method, isElsewhere }) => method !== 'OFFLINE' && !isElsewhere)
  const held = online.map(({ amountMinor, reversedMinor }) => amountMinor - reversedMinor)
  expect({
    retainer: -books.balanceOf('RETAINER'),
    owed: books.balanceOf('REVERSED_PAYMENTS_RECEIVABLE'),
    inFlight: -books.balanceOf('REFUNDS_IN_FLIGHT'),
    unapplied: -books.balanceOf('UNAPPLIED_FUNDS'),
    holding: books.balanceOf('PAYMENTS_HOLDING'),
  }).toEqual({
    retainer: state.balanceMinor,
    owed: state.receivableMinor,
    inFlight: sum(onTheirWay),
    unapplied: sum(payments.map(({ unappliedMinor }) => unappliedMinor)),
    holding: sum(held) - sum(taken),
  })
  if (state.refunds.every(({ partIds }) => partIds !== null)) {
    expect(projectionOf(state).refundsInFlightMinor, 'R17: what is on its way').toBe(sum(onTheirWay))
  }
}

/** What a decision leaves, but for the ids of its effects, which count the steps of one decision. */
function left(state: RetainerState) {
  return { ...state, effects: state.effects.map((effect) => ({ ...effect, id: '' })) }
}

/** R19: an event decided together with transfers that came before it leaves what the two would leave apart. */
function arrivalsAreAStepOfTheirOwn(before: RetainerState, event: Event): void {
  const together = decide(before, event)
  const told = decide(before, { kind: 'transferArrived', transferId: 'any', atMs: event.atMs }).state
  const apart = decide({ ...told, version: before.version }, event)
  expect(together.answer).toEqual(apart.answer)
  if (together.answer.ok) expect(left(together.state)).toEqual(left(apart.state))
}

describe('the books of any life of a matter', () => {
  test('every account is what payments, refunds, disputes and transfers say, after every event (R17-R20)', () => {
    fc.assert(
      fc.property(moves(60), (life) => {
        play(life, (story) => identitiesHold(story))
      }),
      { numRuns: 100 },
    )
  })

  test('after closing every fact finds its place: what is owed, or unapplied funds, never the retainer (R15, R18, R20)', () => {
    fc.assert(
      fc.property(closedLives(30), (life) => {
        const { state } = play(life, (story, _, model) => {
          figuresAgree(story, model)
          identitiesHold(story)
        })
        expect([state.lifecycle, state.balanceMinor]).toEqual(['CLOSED', 0n])
      }),
      { numRuns: 150 },
    )
  })

  test('each part of a refund is taken once and comes back once, however it is told; a failed one came back (R17)', () => {
    fc.assert(
      fc.property(moves(60), (life) => {
        const { books, postings } = play(life)
        const times = (key: string) => postings.filter((posting) => posting.key === key).length
        for (const { partId, status, isOtherMeans } of books.parts.values()) {
          const taken = times(`refund:${partId}:taken`)
          expect(taken).toBeLessThanOrEqual(1)
          expect(times(`refund:${partId}:failed`), partId).toBe(status === 'FAILED' ? 1 : 0)
          const wasFound = partId.startsWith('re_')
          if (status === 'TAKEN' && !isOtherMeans && !wasFound) expect(taken).toBe(1)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('a transfer is counted before the event that finds it, as if it had been told first (R19)', () => {
    let met = 0
    fc.assert(
      fc.property(moves(60), (life) => {
        play(life, ({ lastEvent }, _, __, before) => {
          if (before.arrivals.length === 0) return
          met += 1
          arrivalsAreAStepOfTheirOwn(before, lastEvent)
        })
      }),
      { numRuns: 100 },
    )
    expect(met).toBeGreaterThan(20)
  })

  test('no fact is refused in whatever state, be it told again or of something never heard of (R12, R15)', () => {
    fc.assert(
      fc.property(moves(60), (life) => {
        const { state, atMs } = play(life, (story, event) => {
          if (!MAY_BE_REPEATED.has(event.kind) || !story.last.answer.ok) return
          expect(decide(story.state, { ...event, atMs: story.atMs }).answer.ok).toBe(true)
        })
        for (const fact of UNHEARD_OF) checkInvariants(state, fact, decide(state, { ...fact, atMs }))
      }),
      { numRuns: 100 },
    )
  })
})
