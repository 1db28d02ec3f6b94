import { amountsOf } from './amounts.ts'
import type { Answer, Refusal } from './events.ts'
import { type Decision, type Entry, emptyPlan, type Plan, type PostingKind } from './plan.ts'
import type { Attention, DecisionInput, EffectBody, RetainerState } from './state.ts'

const RECENT_DECISIONS = 8
const ATTENTION_LIMIT = 50

/**
 * One event being decided: a draft of the next state and the plan that goes with it. The draft's fields are replaced, never
 * changed in place, so the state before stays as it was.
 */
export class Turn {
  readonly before: RetainerState
  readonly state: RetainerState
  readonly plan: Plan = emptyPlan()
  readonly atMs: number
  /** Set by turning replenishment on again: the restatement that follows starts no reminders (R10). */
  restartsReminders = true
  /** Id of what the command made, part of its answer. */
  madeId: string | null = null

  constructor(before: RetainerState, atMs: number) {
    this.before = before
    this.atMs = atMs
    this.state = { ...before, version: before.version + 1 }
  }

  /** Records why something was, or was not, done (R21). Amounts go in as minor units under keys ending in `Minor`. */
  explain(rule: string, code: string, inputs: Record<string, DecisionInput | bigint> = {}): void {
    const plain = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value]),
    )
    const record = { rule, code, atMs: this.atMs, inputs: plain }
    this.plan.decisions.push(record)
    this.state.recentDecisions = [...this.state.recentDecisions, record].slice(-RECENT_DECISIONS)
  }

  /** Hands work to the courier. Its id names matter, version and place, so that any run carries it by the same key. */
  planEffect(body: EffectBody): void {
    const id = `${this.state.matterId}.${this.state.version}.${this.plan.effects.length + 1}`
    const effect = { ...body, id, plannedAtMs: this.atMs }
    this.plan.effects.push(effect)
    this.state.effects = [...this.state.effects, effect]
  }

  /** The courier is done with an effect, or never will be. */
  dropEffect(effectId: string): void {
    this.state.effects = this.state.effects.filter((effect) => effect.id !== effectId)
  }

  /**
   * Books balanced entries; the draft's balance and what it is owed for reversed payments move by what they do to those
   * accounts.
   */
  post(kind: PostingKind, key: string, entries: Entry[]): void {
    this.plan.postings.push({ key, kind, entries })
    for (const { account, side, amountMinor } of entries) {
      const intoMinor = side === 'CREDIT' ? amountMinor : -amountMinor
      if (account === 'RETAINER') this.state.balanceMinor += intoMinor
      if (account === 'REVERSED_PAYMENTS_RECEIVABLE') this.state.receivableMinor -= intoMinor
    }
  }

  /**
   * Shows something to the firm and the operator. A mail goes out unless mail is what failed the firm; of what is shown already
   * only if it is to be told `again`.
   */
  raiseAttention(
    code: Attention['code'],
    subjectId: string,
    { mailFirm, again = false }: { mailFirm: boolean; again?: boolean },
  ): void {
    const isShown = this.state.attention.some((known) => known.code === code && known.subjectId === subjectId)
    if (!isShown) this.#show(code, subjectId)
    if (mailFirm && (again || !isShown)) {
      this.planEffect({ kind: 'MAIL', template: 'NEEDS_ATTENTION', subjectId: `${code}:${subjectId}` })
    }
  }

  #show(code: Attention['code'], subjectId: string): void {
    const attention = { code, subjectId, sinceMs: this.atMs }
    const all = [...this.state.attention, attention]
    this.plan.attentionRaised.push(attention)
    // So many at once are one trouble; the newest say what it is.
    this.plan.attentionCleared.push(...all.slice(0, -ATTENTION_LIMIT))
    this.state.attention = all.slice(-ATTENTION_LIMIT)
  }

  clearAttention(matches: (attention: Attention) => boolean): void {
    this.plan.attentionCleared.push(...this.state.attention.filter(matches))
    this.state.attention = this.state.attention.filter((attention) => !matches(attention))
  }

  finish(): Decision {
    return { state: this.state, plan: this.plan, answer: { ok: true, id: this.madeId } satisfies Answer }
  }

  /** The decision to do nothing but say why. */
  static refuse(before: RetainerState, atMs: number, command: string, refusal: Refusal): Decision {
    const turn = new Turn(before, atMs)
    const { dueMinor, liveMinor, pendingMinor } = amountsOf(before)
    turn.explain(refusingRule(refusal.code, command), `REFUSED_${refusal.code}`, {
      command,
      dueMinor,
      liveMinor,
      pendingMinor,
      balanceMinor: before.balanceMinor,
    })
    return { state: turn.state, plan: turn.plan, answer: { ok: false, refusal } }
  }
}

function refusingRule(code: Refusal['code'], command: string): string {
  const isOfTheCommand = code === 'InsufficientBalance' || code === 'AmountNotAcceptable'
  return (isOfTheCommand && RULE_OF_COMMAND[command]) || (REFUSING_RULE[code] ?? 'R2')
}

/** Whose amount is refused: the same refusal comes from several rules. */
const RULE_OF_COMMAND: Partial<Record<string, string>> = {
  refundRetainer: 'R17',
  refundUnappliedFunds: 'R17',
  transferRetainer: 'R19',
  assignUnappliedFunds: 'R15',
}

const REFUSING_RULE: Partial<Record<Refusal['code'], string>> = {
  RetainerNotEnabled: 'R3',
  MatterClosed: 'R20',
  MatterClosing: 'R20',
  GeneralRetainerNotTurnedOn: 'R1',
  CurrencyMismatch: 'R1',
  InitialAmountLocked: 'R6',
  NothingDue: 'R5',
  ReplenishmentOff: 'R10',
  NoOpenRequest: 'R10',
  RequestNotOpen: 'R10',
  PaymentTooSmall: 'R14',
  PaymentTooLarge: 'R14',
  RemainderTooSmall: 'R14',
  InvoiceNotOpen: 'R16',
  InsufficientBalance: 'R16',
  AmountAboveRefundable: 'R17',
  NothingToRefund: 'R17',
  SameMatter: 'R19',
  OtherClientsMatter: 'R19',
  ReceivingMatterNotEnabled: 'R19',
  ReceivingMatterClosed: 'R19',
  NotInUnappliedFunds: 'R15',
  PaymentDisputed: 'R18',
  AmountAboveReceivable: 'R20',
  AmountAboveInvoiceRest: 'R16',
  ApplicationNotReversible: 'R16',
}
