import { refusalTemplate } from './explain-refusals.ts'
import { type CurrencyCode, toDecimalString } from './money.ts'
import type { DecisionInput, DecisionRecord, EffectBody } from './state.ts'

/**
 * A decision as a sentence for a person (R21): `{dueMinor}` and its like are filled from the inputs, amounts in the firm's
 * currency. A code without a sentence of its own is spelt out.
 */
const SENTENCES: Record<string, string> = {
  OPTIONS_SAVED: 'Billing options were saved; nothing was sent. Due now: {dueMinor}.',
  REQUEST_SENT: 'Request {requestNumber} was opened and sent for {dueMinor}.',
  REQUEST_SENT_AGAIN: 'Request {requestNumber} was sent again for the {dueMinor} that remains.',
  REQUEST_SATISFIED: 'Request {requestNumber} is satisfied; it received {receivedMinor}.',
  REQUEST_WITHDRAWN:
    'Request {requestNumber} was withdrawn; it had received {receivedMinor}. Its link says that nothing is due.',
  RESTATED_UPWARD: 'Request {requestNumber} now stands at {toDueMinor} due, up from {fromDueMinor}.',
  RESTATED_DOWNWARD: 'Request {requestNumber} now stands at {toDueMinor} due, down from {fromDueMinor}.',
  REMINDER_SENT: 'Reminder {nth} of request {requestNumber} was sent for {dueMinor}.',
  REMINDERS_MERGED: '{count} reminders were due at once; the client gets the last of them only, number {nth}.',
  REMINDER_SKIPPED: 'Reminder {nth} was skipped: nothing was live to ask for.',
  REMINDER_NO_LONGER_PLANNED: 'Reminder {nth} was not sent: it was cancelled before its day.',
  TOP_UP_SENT:
    'A top-up of {dueMinor} was requested: the balance of {balanceMinor} is at or below the trigger of {triggerMinor}.',
  NO_TOP_UP_ABOVE_TRIGGER: 'No top-up: the balance of {balanceMinor} is above the trigger of {triggerMinor}.',
  NO_TOP_UP_NO_SHORTFALL: 'No top-up: the balance of {balanceMinor} is not short of the minimum of {minimumMinor}.',
  NO_TOP_UP_NOT_REPLENISHING: 'No top-up: this matter is not replenished now. Balance: {balanceMinor}.',
  OPEN_REQUEST_FOLLOWS: 'No new request: request {requestNumber} is open and follows the money.',
  TURNED_OFF: 'Replenishment was turned off; nothing was open.',
  TURNED_OFF_INITIAL_LIVES_ON:
    'Replenishment was turned off; request {requestNumber} lives on for the {initialRemainingMinor} of the initial amount.',
  TURNED_OFF_REQUEST_FROZEN:
    'Replenishment was turned off; request {requestNumber} stays payable for {frozenMinor} and is never sent again.',
  TURNED_ON: 'Replenishment was turned on; nothing was sent.',
  ALREADY_OFF: 'Replenishment was off already.',
  DISABLED: 'The retainer was disabled: nothing is asked for, invoices wait for a person.',
  PAYMENT_OPENED: 'The client opened a payment of {amountMinor} of the {dueMinor} due.',
  PAYMENT_PENDING: 'A payment of {amountMinor} is on its way.',
  PENDING_PAYMENT_FAILED: 'A payment of {amountMinor} that was on its way failed.',
  FAILED_PAYMENT_WAS_NOT_PENDING: 'A payment failed that was not on its way; nothing changed.',
  SESSION_OPENED_TOO_LATE: 'A payment page opened after its request had ended; it was expired.',
  DEPOSITED: '{amountMinor} was deposited; receipt and notice were mailed. Balance: {balanceMinor}.',
  PAYMENT_AFTER_CLOSING:
    '{amountMinor} came in after the matter was closed: {owedMinor} of it paid what was owed for reversed payments, {unappliedMinor} is in the firm’s unapplied funds, and the firm was told.',
  OWED_PAID:
    '{amountMinor} was recorded as paid on what was owed for reversed payments since closing; {receivableMinor} is still owed.',
  UNAPPLIED_FUNDS_ASSIGNED: 'A person assigned {amountMinor} of the firm’s unapplied funds to this matter.',
  INITIAL_AMOUNT_LOCKED: 'The initial amount can no longer be edited: a payment counts toward it.',
  INVOICE_PAID_AUTOMATICALLY: 'An invoice of {amountMinor} was recorded; {paidMinor} was paid from the retainer.',
  INVOICE_WAITS_FOR_A_PERSON: 'An invoice of {amountMinor} was recorded; it waits for a person to pay it.',
  RETAINER_APPLIED: '{amountMinor} of the retainer was applied to an invoice.',
  APPLICATION_REVERSED: 'An application of {amountMinor} to an invoice was reversed.',
  REFUND_COMMANDED: 'A refund of {amountMinor} was commanded; {availableMinor} was available.',
  UNAPPLIED_REFUND_COMMANDED: 'A refund of {amountMinor} out of the firm’s unapplied funds was commanded.',
  REFUND_SENT:
    'The provider was asked for a refund and took on {acceptedMinor}; {otherMeansMinor} is to be paid by other means.',
  REFUND_WAITS: 'The provider does not make a refund now; it is asked again by itself, and the firm was told.',
  REFUND_TAKEN: '{amountMinor} of a refund has left for the client.',
  REFUND_FAILED:
    '{amountMinor} of a refund failed and is where it came from again; the firm was told. Balance: {balanceMinor}.',
  REFUND_KNOWN_ALREADY: 'A message about a refund said nothing new.',
  REFUNDED_AT_PROVIDER:
    '{amountMinor} of a payment was refunded at the provider, past this system; the firm was told. Balance: {balanceMinor}.',
  DISPUTE_OPENED: 'A payment is disputed over {amountMinor}.',
  DISPUTE_DUE: 'A dispute has a new day until which the firm can answer; the firm was told.',
  DISPUTE_KNOWN_ALREADY: 'A message about a dispute said nothing new.',
  DISPUTE_WON: 'A dispute was decided for the firm.',
  DISPUTE_LOST: 'A dispute or bank return has ended: the money stays with the client.',
  PAYMENT_REVERSED: '{amountMinor} of a payment was taken back; the firm was told. Balance: {balanceMinor}.',
  REVERSAL_WON: '{amountMinor} of a payment that was taken back came again. Balance: {balanceMinor}.',
  TRANSFERRED: '{amountMinor} was transferred to another matter of the client. Balance: {balanceMinor}.',
  TRANSFER_ARRIVED: '{amountMinor} came by transfer from another matter of the client; it counts as received.',
  EFFECT_REFUSED: 'The provider refused what was to be done ({kind}); a person should look at it.',
  EFFECT_FATE_UNKNOWN: 'It is not known whether the provider did what was asked ({kind}); a person should look at it.',
  MAIL_BOUNCED: 'A mail came back from its address.',
  CLOSING: 'The matter is closing; nothing more is asked for. Balance: {balanceMinor}.',
  CLOSED: 'The matter is closed.',
  CLOSED_BELOW_ZERO: 'The matter is closed; the client owes {receivableMinor} for reversed payments.',
}

/** The same where money that is on its way made the difference (R13). */
const SENTENCES_WITH_PENDING: Record<string, string> = {
  NO_TOP_UP_ABOVE_TRIGGER:
    'No top-up: the balance of {balanceMinor} and {pendingMinor} on its way are above the trigger of {triggerMinor}.',
  NO_TOP_UP_NO_SHORTFALL:
    'No top-up: the balance of {balanceMinor} and {pendingMinor} on its way are not short of the minimum of {minimumMinor}.',
  TOP_UP_SENT:
    'A top-up of {dueMinor} was requested: the balance of {balanceMinor} and {pendingMinor} on its way are at or below the trigger of {triggerMinor}.',
}

/** A late return of a bank debit is told like a dispute that cannot be contested: it has no deadline (R13, R18). */
const RETURN_OPENED = 'The client’s bank returns a payment of {amountMinor}; that cannot be contested.'

/** What a reversal adds once the matter is closed (R20). */
const OWED_SINCE_CLOSING = ' Owed since closing: {receivableMinor}.'
const TELLS_WHAT_IS_OWED = ['PAYMENT_REVERSED', 'REVERSAL_WON']

const EFFECTS: Record<EffectBody['kind'], string> = {
  MAIL: 'a mail',
  OPEN_SESSION: 'opening a payment page',
  EXPIRE_SESSION: 'closing a payment page',
  REFUND: 'a refund',
}

/** The sentence for `decision`, amounts in `currency`. */
export function sentenceOf(decision: Pick<DecisionRecord, 'code' | 'inputs'>, currency: CurrencyCode): string {
  return templateOf(decision).replace(/\{(\w+)\}/g, (_, name: string) =>
    show(name, decision.inputs[name] ?? null, currency),
  )
}

function templateOf({ code, inputs }: Pick<DecisionRecord, 'code' | 'inputs'>): string {
  const isThere = (name: string): boolean => (inputs[name] ?? '0') !== '0'
  const isPending = isThere('pendingMinor')
  const refused = /^REFUSED_(.+)$/.exec(code)?.[1]
  if (refused !== undefined) return refusalTemplate(refused, String(inputs['command']), isPending)
  if (code === 'DISPUTE_OPENED' && inputs['deadlineMs'] === null) return RETURN_OPENED
  const sentence = (isPending ? SENTENCES_WITH_PENDING[code] : undefined) ?? SENTENCES[code] ?? `${code}.`
  return TELLS_WHAT_IS_OWED.includes(code) && isThere('receivableMinor') ? sentence + OWED_SINCE_CLOSING : sentence
}

function show(name: string, input: DecisionInput, currency: CurrencyCode): string {
  if (name.endsWith('Minor') && typeof input === 'string') {
    return `${toDecimalString(BigInt(input), currency)} ${currency}`
  }
  if (name === 'kind') return EFFECTS[input as EffectBody['kind']] ?? String(input)
  return String(input ?? 'none')
}
