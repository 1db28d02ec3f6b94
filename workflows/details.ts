import { amountsOf } from '../src/domain/amounts.ts'
import { attentionWording } from '../src/domain/attention-wording.ts'
import { sentenceOf } from '../src/domain/explain.ts'
import { toDecimalString } from '../src/domain/money.ts'
import { phaseOf } from '../src/domain/projection.ts'
import type { Attention, RequestKind, RetainerState } from '../src/domain/state.ts'
import type { ExplainedDecision, LiveState } from './contract.ts'
import { effectSummary } from './summaries.ts'

const KINDS: Record<RequestKind, string> = { INITIAL: 'initial retainer', TOP_UP: 'top-up' }

/** So many pieces of work are named; the history has them all. */
const WORK_NAMED = 8

/** What an operator reads at the top of the workflow's page in the Web UI, as Markdown. */
export function currentDetails(state: RetainerState): string {
  const money = (amountMinor: bigint) => `${toDecimalString(amountMinor, state.currency)} ${state.currency}`
  const { dueMinor, pendingMinor } = amountsOf(state)
  const { openRequest, options } = state
  const nextReminder = state.reminders[0]
  const rows: [string, string][] = [
    ['Phase', `**${phaseOf(state)}**`],
    ['Balance', money(state.balanceMinor)],
    ['On its way', money(pendingMinor)],
    ['Amount due', `**${money(dueMinor)}**`],
    ['Initial amount', options.initialAmountMinor === null ? 'none' : money(options.initialAmountMinor)],
    [
      'Replenishment',
      options.replenishment.enabled
        ? `topped up to ${money(options.replenishment.minimumBalanceMinor)}, when at or below ${money(options.replenishment.topUpTriggerMinor)}`
        : 'off',
    ],
    [
      'Open request',
      openRequest
        ? `no. ${openRequest.number} (${KINDS[openRequest.kind]}), received ${money(openRequest.receivedMinor)}, last sent ${day(openRequest.lastSentAtMs)} UTC`
        : 'none',
    ],
    ...moneyGoingBack(state, money),
    ['Next reminder', nextReminder ? `${day(nextReminder.atMs)} UTC` : 'none'],
    ['Work under way', workUnderWay(state)],
    [
      'Attention',
      state.attention.length === 0 ? 'none' : state.attention.map((attention) => titleOf(attention, state)).join('; '),
    ],
  ]
  const decisions = explained(state).map(({ at, rule, sentence }) => `| ${at} | ${rule} | ${sentence} |`)
  return [
    '| | |',
    '| --- | --- |',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    '**Last decisions**',
    '',
    '| When (UTC) | Rule | Why |',
    '| --- | --- | --- |',
    ...decisions,
  ].join('\n')
}

/** What a person should look at, since when, and by when to act where that is known. */
function titleOf({ code, subjectId, sinceMs }: Attention, state: RetainerState): string {
  const dispute = code === 'PAYMENT_DISPUTED' ? state.disputes.find(({ id }) => id === subjectId) : undefined
  return `**${attentionWording(code).title}**, since ${day(sinceMs)} UTC${answerBy(dispute?.deadlineMs)}`
}

const answerBy = (deadlineMs: number | null | undefined): string =>
  typeof deadlineMs === 'number' ? `, answer by ${day(deadlineMs)} UTC` : ''

function workUnderWay(state: RetainerState): string {
  const named = state.effects.slice(0, WORK_NAMED).map((effect) => effectSummary(effect, state))
  const more = state.effects.length - named.length
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join('; ') || 'none'
}

/** Refunds, disputes and what is owed after a reversal; nothing where there is none. */
function moneyGoingBack(state: RetainerState, money: (amountMinor: bigint) => string): [string, string][] {
  const refunds = state.refunds.map(({ id, amountMinor, partIds }) =>
    partIds === null ? `${money(amountMinor)} (${id}), not sent yet` : `${money(amountMinor)} (${id})`,
  )
  const disputes = state.disputes.map(
    ({ id, amountMinor, deadlineMs }) => `**${money(amountMinor)}** (${id})${answerBy(deadlineMs)}`,
  )
  const rows: [string, string[]][] = [
    ['Refunds on their way', refunds],
    ['Disputes', disputes],
    ['Owed after reversal', state.receivableMinor > 0n ? [`**${money(state.receivableMinor)}**`] : []],
  ]
  return rows.filter(([, items]) => items.length > 0).map(([name, items]) => [name, items.join(', ')])
}

/** The last decisions as sentences, newest first (R21). */
export function explained(state: RetainerState): ExplainedDecision[] {
  return state.recentDecisions
    .map((decision) => ({
      at: day(decision.atMs),
      rule: decision.rule,
      sentence: sentenceOf(decision, state.currency),
    }))
    .toReversed()
}

export function liveState(state: RetainerState): LiveState {
  const { dueMinor, pendingMinor } = amountsOf(state)
  return {
    phase: phaseOf(state),
    version: state.version,
    balanceMinor: state.balanceMinor.toString(),
    pendingMinor: pendingMinor.toString(),
    amountDueMinor: dueMinor.toString(),
    openRequestId: state.openRequest?.id ?? null,
    nextReminderAtMs: state.reminders[0]?.atMs ?? null,
    effectsInFlight: state.effects.length,
    attention: state.attention,
  }
}

/** In UTC: local time zones would read tables that differ between versions of Node, and break replay. */
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
