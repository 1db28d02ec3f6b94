import { expect } from 'vitest'
import { amountsIgnoringPending, amountsOf, canCreateOnline } from '../../src/domain/amounts.ts'
import type { Command, Fact } from '../../src/domain/events.ts'
import { sentenceOf } from '../../src/domain/explain.ts'
import type { Decision, Posting } from '../../src/domain/plan.ts'
import { phaseOf, projectionOf, RETAINER_PHASES } from '../../src/domain/projection.ts'
import type { Effect, RetainerState } from '../../src/domain/state.ts'
import { fromWire, toWire } from '../../src/domain/wire.ts'

/** Facts and commands that decide nothing: they only note what became of something decided before. */
const PURE_OUTCOMES = new Set<(Command | Fact)['kind']>([
  'sessionOpened',
  'sessionEnded',
  'effectFailed',
  'dismissAttention',
  'transferArrived',
])

/** Decisions to ask the client (R5, R7, R9). */
const ASKED = new Set(['REQUEST_SENT', 'REQUEST_SENT_AGAIN', 'TOP_UP_SENT', 'REMINDER_SENT'])

/** What holds after any event, whatever came before it. */
export function checkInvariants(before: RetainerState, event: Command | Fact, decision: Decision): void {
  const { state, plan, answer } = decision
  expect(state.version).toBe(before.version + 1)
  amountsHold(state)
  requestHolds(state, decision)
  postingsHold(before, decision)
  refundsHold(before, event, decision)
  closedHolds(before, decision)
  mailsHold(before, event, decision)
  if (before.initialLock?.forGood) expect(state.initialLock?.forGood, 'R6: locked for good').toBe(true)
  // What has arrived and is not counted yet locks when it is.
  if (state.arrivals.length === 0 && amountsOf(state).receivedTowardInitialMinor > 0n)
    expect(state.initialLock, 'R6: received, so locked').not.toBeNull()
  if (!answer.ok) refusalHolds(before, decision)
  const again = isRepeatedPending(before, event)
  if (!PURE_OUTCOMES.has(event.kind) && !again) expect(plan.decisions.length, 'R21: explained').toBeGreaterThan(0)
  for (const { code, rule, inputs } of plan.decisions) {
    if (ASKED.has(code)) expect(inputs['dueMinor'], 'asked for the amount due').toBe(`${amountsOf(state).dueMinor}`)
    expect(rule).toMatch(/^R\d+$/)
    const sentence = sentenceOf({ code, inputs }, state.currency)
    expect(sentence, `R21: ${code} has a sentence`).not.toBe(`${code}.`)
    expect(sentence, `R21: ${code} has its inputs`).not.toMatch(/[{}]|\bnone\b/)
  }
  stateHolds(state)
}

function amountsHold(state: RetainerState): void {
  const amounts = amountsOf(state)
  for (const [name, amountMinor] of Object.entries(amounts)) {
    expect(amountMinor >= 0n, `${name} is not negative`).toBe(true)
  }
  expect(amounts.dueMinor >= amounts.liveMinor, 'due is at least live').toBe(true)
  if (!state.options.enabled || state.lifecycle !== 'OPEN') {
    expect(amounts.dueMinor, 'R4: nothing is due while disabled, closing or closed').toBe(0n)
  }
  expect(canCreateOnline(state), 'R3: Create online exactly while something is live').toBe(amounts.liveMinor > 0n)
  expect(RETAINER_PHASES).toContain(phaseOf(state))
  expect(projectionOf(state).amountDueMinor).toBe(amounts.dueMinor)
}

function requestHolds(state: RetainerState, { plan }: Decision): void {
  for (const rows of [plan.attempts, plan.requests, plan.effects]) {
    expect(new Set(rows.map(({ id }) => id)).size, 'a plan says one thing of each row').toBe(rows.length)
  }
  const { openRequest } = state
  const open = plan.requests.filter((row) => row.status === 'OPEN')
  expect(open.length, 'R5: never two open requests').toBeLessThanOrEqual(1)
  if (!openRequest) {
    expect(open, 'no row is left open').toEqual([])
    expect(state.frozen, 'R10: only an open request is frozen').toBeNull()
    expect(
      [...state.reminders, plan.remindFromMs].filter((planned) => planned !== null),
      'R9: no request, no reminders',
    ).toEqual([])
    expect(
      state.attempts.filter((attempt) => attempt.wanted),
      'no request, nothing to pay',
    ).toEqual([])
    return
  }
  if (state.arrivals.length === 0) {
    expect(amountsIgnoringPending(state).dueMinor > 0n, 'R8: open while something is due').toBe(true)
  }
  for (const row of open) {
    expect(row.id).toBe(openRequest.id)
    expect(row.amountMinor, 'R8: amount = received + due').toBe(openRequest.receivedMinor + amountsOf(state).dueMinor)
  }
  expect(state.attempts.filter((attempt) => attempt.wanted).length, 'one payment page at a time').toBeLessThanOrEqual(1)
}

/** What `posting` moves into the retainer. */
export function intoRetainer(posting: Posting): bigint {
  return posting.entries.reduce((total, { account, side, amountMinor, ...detail }) => {
    if (account !== 'RETAINER' || 'ofAnotherMatter' in detail) return total
    return side === 'CREDIT' ? total + amountMinor : total - amountMinor
  }, 0n)
}

/** Only what takes money that is spent may take a retainer below zero (R18). */
const BELOW_ZERO = new Set<Posting['kind']>(['REVERSAL', 'REFUNDED_AT_PROVIDER'])

function postingsHold(before: RetainerState, { state, plan }: Decision): void {
  let balanceMinor = before.balanceMinor
  let receivableMinor = before.receivableMinor
  for (const posting of plan.postings) {
    const { kind, entries } = posting
    const sides = { DEBIT: 0n, CREDIT: 0n }
    for (const { account, side, amountMinor, providerAccount } of entries) {
      expect(amountMinor > 0n, `${kind} moves something`).toBe(true)
      expect(providerAccount !== undefined, 'holding names its account').toBe(account === 'PAYMENTS_HOLDING')
      sides[side] += amountMinor
      if (account === 'REVERSED_PAYMENTS_RECEIVABLE') receivableMinor += side === 'DEBIT' ? amountMinor : -amountMinor
      if (before.lifecycle === 'CLOSED') expect(account, 'R20: a closed matter has no retainer').not.toBe('RETAINER')
    }
    expect(sides.DEBIT, `${kind} balances`).toBe(sides.CREDIT)
    const intoMinor = intoRetainer(posting)
    balanceMinor += intoMinor
    if (intoMinor < 0n && !BELOW_ZERO.has(kind)) expect(balanceMinor >= 0n, `${kind} never goes below zero`).toBe(true)
  }
  const reservedMinor = plan.refund && !plan.refund.unappliedPaymentId ? plan.refund.amountMinor : 0n
  const givenMinor = reservedMinor + (plan.transfer?.amountMinor ?? 0n)
  if (givenMinor > 0n) expect(balanceMinor >= givenMinor, 'R17, R19: only what is there is given').toBe(true)
  expect(state.balanceMinor, 'the balance is the sum of the postings').toBe(balanceMinor - givenMinor)
  expect(state.receivableMinor, 'R20: what is owed is the sum of its postings').toBe(receivableMinor)
  expect(receivableMinor >= 0n && (receivableMinor === 0n || state.lifecycle === 'CLOSED'), 'R20: owed').toBe(true)
}

const REFUNDS = new Set<(Command | Fact)['kind']>([
  'refundRetainer',
  'refundUnappliedFunds',
  'refundSent',
  'refundWaits',
  'refundTaken',
  'refundFailed',
  'refundFound',
])

/** R4, R7, R17: refunds lower nothing that was received, and ask nobody for anything. */
function refundsHold(before: RetainerState, event: Command | Fact, { state, plan }: Decision): void {
  if (!REFUNDS.has(event.kind)) return
  const arrivedMinor = before.arrivals.reduce((total, arrival) => total + arrival.amountMinor, 0n)
  const uncountedMinor = state.arrivals.length > 0 ? 0n : arrivedMinor
  expect(state.countedMinor, 'R4: refunds lower nothing').toBe(before.countedMinor + uncountedMinor)
  expect(plan.effects.filter(asksTheClient), 'R7: a refund sets off no top-up').toEqual([])
}

function closedHolds(before: RetainerState, { state }: Decision): void {
  if (before.lifecycle === 'CLOSED' || state.lifecycle !== 'CLOSED') return
  const { balanceMinor, pending, refunds, disputes, arrivals } = state
  expect({ balanceMinor, undone: [...pending, ...refunds, ...disputes, ...arrivals] }, 'R20: all is done').toEqual({
    balanceMinor: 0n,
    undone: [],
  })
}

const asksTheClient = (effect: Effect): boolean =>
  effect.kind === 'MAIL' && (effect.template === 'REQUEST' || effect.template === 'REMINDER')

function mailsHold(before: RetainerState, event: Command | Fact, { state, plan }: Decision): void {
  const cancelled = new Set(plan.cancelledEffectIds)
  for (const id of cancelled)
    expect(
      before.effects.map((effect) => effect.id),
      'only queued mail is cancelled',
    ).toContain(id)
  const asking = plan.effects.filter(asksTheClient)
  expect(asking.length, 'one mail to ask the client, at most').toBeLessThanOrEqual(1)
  if (asking.length > 0) expect(amountsOf(state).liveMinor > 0n, 'R4: only what is live is asked for').toBe(true)
  if (!state.options.replenishment.enabled) {
    const { initialRemainingMinor } = amountsOf(state)
    if (asking.length > 0) expect(initialRemainingMinor > 0n, 'R10: off is off').toBe(true)
    if (state.frozen && initialRemainingMinor === 0n && before.options.replenishment.enabled) {
      expect(state.effects.filter(asksTheClient), 'R10: off overtakes queued mail').toEqual([])
    }
  }
  if (event.kind === 'saveOptions') {
    expect(
      plan.effects.filter((effect) => effect.kind === 'MAIL'),
      'R2: saving sends nothing',
    ).toEqual([])
  }
  if (state.lifecycle !== 'OPEN' || !state.options.enabled) {
    expect(state.effects.filter(asksTheClient), 'nothing is asked while disabled, closing or closed').toEqual([])
  }
}

function refusalHolds(before: RetainerState, { state, plan }: Decision): void {
  const { version: _, recentDecisions: __, ...unchanged } = before
  expect(state, 'a refusal changes nothing').toMatchObject(unchanged)
  const { decisions, ...rest } = plan
  expect(decisions.map(({ code }) => code.startsWith('REFUSED_'))).toEqual([true])
  const plannedNothing = Object.values(rest).every((part) => (Array.isArray(part) ? part.length === 0 : !part))
  expect(plannedNothing, 'a refusal plans nothing').toBe(true)
}

function stateHolds(state: RetainerState): void {
  const wire = JSON.parse(JSON.stringify(toWire(state)))
  expect(fromWire<RetainerState>(wire), 'the state survives its journey').toEqual(state)
  expect(state.recentDecisions.length).toBeLessThanOrEqual(8)
  expect(state.attention.length).toBeLessThanOrEqual(50)
}

const isRepeatedPending = (before: RetainerState, event: Command | Fact): boolean =>
  event.kind === 'paymentPending' && before.pending.some((payment) => payment.paymentId === event.paymentId)

export function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
