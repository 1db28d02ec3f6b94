import { CURRENCY_CODES } from '../src/domain/money.ts'
import type { SignalKind, updates } from './contract.ts'

/**
 * The shape of every message, for validators: they must be synchronous and see form only; what a rule forbids is a recorded
 * answer instead. The API sends well-formed messages; these catch a person at the Web UI.
 */
type Check = { says: string; holds: (value: unknown) => boolean }

const isText = (value: unknown, limit: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= limit
const text = (limit: number): Check => ({
  says: `a text of 1 to ${limit} characters`,
  holds: (value) => isText(value, limit),
})
const id: Check = {
  says: 'an id of 1 to 200 letters, digits and . _ : -',
  holds: (value) => typeof value === 'string' && /^[\w.:-]{1,200}$/.test(value),
}
const amount: Check = {
  says: 'minor units as a string of digits',
  holds: (value) => typeof value === 'string' && /^\d{1,15}$/.test(value),
}
const wholeNumber: Check = {
  says: 'a whole number',
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
}
const flag: Check = { says: 'true or false', holds: (value) => typeof value === 'boolean' }
const oneOf = (...words: string[]): Check => ({
  says: `one of ${words.join(', ')}`,
  holds: (value) => typeof value === 'string' && words.includes(value),
})
const orNull = (check: Check): Check => ({
  says: `${check.says}, or null`,
  holds: (value) => value === null || check.holds(value),
})
const currency = oneOf(...CURRENCY_CODES)

type Shape = { [field: string]: Check | Shape }

const command = { key: id, inputHash: text(64) }

export const commandShapes: Record<keyof typeof updates, Shape> = {
  saveOptions: {
    ...command,
    currency,
    options: {
      enabled: flag,
      initialAmountMinor: orNull(amount),
      type: oneOf('GENERAL'),
      payNewInvoices: oneOf('AUTOMATIC', 'MANUAL'),
      replenishment: { enabled: flag, minimumBalanceMinor: amount, topUpTriggerMinor: amount },
    },
  },
  createOnline: command,
  turnReplenishmentOff: command,
  withdrawRequest: command,
  openPayment: { ...command, attemptId: id, requestId: id, amountMinor: orNull(amount) },
  recordOfflinePayment: { ...command, paymentId: id, currency, amountMinor: amount },
  recordInvoice: { ...command, invoiceId: id, number: text(64), currency, amountMinor: amount },
  applyRetainer: { ...command, invoiceId: id, applicationId: id, amountMinor: orNull(amount) },
  reverseApplication: { ...command, applicationId: id, invoiceId: id, amountMinor: amount },
  refundRetainer: { ...command, refundId: id, amountMinor: orNull(amount) },
  transferRetainer: { ...command, transferId: id, toMatterId: id, amountMinor: amount },
  assignUnappliedFunds: { ...command, paymentId: id, currency, amountMinor: amount },
  refundUnappliedFunds: { ...command, refundId: id, paymentId: id, amountMinor: amount },
  dismissAttention: { ...command, code: text(60), subjectId: id },
  closeMatter: command,
}

const paymentInBooks = { paymentId: id, providerAccount: id, paymentVersion: wholeNumber, unappliedMinor: amount }
const refundPart = {
  refundId: id,
  partId: id,
  paymentId: id,
  amountMinor: amount,
  providerAccount: id,
  source: oneOf('RETAINER', 'UNAPPLIED_FUNDS'),
}

export const factShapes: Record<SignalKind, Shape> = {
  paymentSettled: {
    paymentId: id,
    amountMinor: amount,
    providerAccount: id,
    requestId: orNull(id),
    attemptId: orNull(id),
    method: oneOf('CARD', 'BANK_DEBIT'),
    feeMinor: orNull(amount),
  },
  paymentPending: { paymentId: id, amountMinor: amount, attemptId: orNull(id) },
  paymentFailed: { paymentId: id, attemptId: orNull(id) },
  refundTaken: refundPart,
  refundFailed: { ...refundPart, wasTaken: flag },
  refundFound: { ...paymentInBooks, providerRefundId: id, amountMinor: amount },
  disputeOpened: { ...paymentInBooks, disputeId: id, amountMinor: amount, deadlineMs: orNull(wholeNumber) },
  disputeDue: { disputeId: id, paymentId: id, deadlineMs: wholeNumber },
  paymentReversed: { ...paymentInBooks, disputeId: id, amountMinor: amount },
  reversalWon: { ...paymentInBooks, disputeId: id, amountMinor: amount },
  disputeClosed: { disputeId: id, paymentId: id, outcome: oneOf('WON', 'LOST') },
  transferArrived: { transferId: id },
  sessionEnded: { attemptId: id },
  mailBounced: { mailId: id, recipient: oneOf('CLIENT', 'FIRM') },
}

/** The fields of `value` that `shape` knows, and no others: what nobody checked is not taken on. */
export function knownFields(value: object, shape: Shape): Record<string, unknown> {
  const given = value as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(shape).map(([field, expected]) => {
      const nested = typeof expected.holds !== 'function'
      return [field, nested ? knownFields(given[field] as object, expected as Shape) : given[field]]
    }),
  )
}

/** What is wrong with `value`, as a sentence naming the field, or null. */
export function shapeProblem(value: unknown, shape: Shape, path = 'input'): string | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return `${path} must be an object`
  for (const [field, expected] of Object.entries(shape)) {
    const found = (value as Record<string, unknown>)[field]
    const problem =
      typeof expected.holds === 'function'
        ? checkProblem(found, expected as Check, `${path}.${field}`)
        : shapeProblem(found, expected as Shape, `${path}.${field}`)
    if (problem) return problem
  }
  return null
}

const checkProblem = (value: unknown, check: Check, path: string): string | null =>
  check.holds(value) ? null : `${path} must be ${check.says}`
