import type { Command, RefusalCode } from './events.ts'

/** What did not come about, by the command that was refused. */
const NOT_DONE: Record<Command['kind'], string> = {
  saveOptions: 'The billing options were not saved',
  createOnline: 'Create online sent nothing',
  turnReplenishmentOff: 'Replenishment was not turned off',
  withdrawRequest: 'No request was withdrawn',
  openPayment: 'The client could not open a payment',
  recordOfflinePayment: 'The payment was not recorded',
  recordInvoice: 'The invoice was not recorded',
  applyRetainer: 'The invoice was not paid from the retainer',
  reverseApplication: 'The payment of the invoice was not taken back',
  refundRetainer: 'Nothing was refunded',
  transferRetainer: 'Nothing was transferred',
  assignUnappliedFunds: 'No unapplied funds were assigned',
  refundUnappliedFunds: 'No unapplied funds were refunded',
  dismissAttention: 'Nothing was dismissed',
  closeMatter: 'The matter was not closed',
}

const REASONS: Record<RefusalCode, string> = {
  RetainerNotEnabled: 'the retainer is not enabled on this matter',
  MatterClosed: 'the matter is closed',
  MatterClosing: 'the matter is closing',
  GeneralRetainerNotTurnedOn: 'the firm has not turned the general retainer on',
  CurrencyMismatch: 'the currency is not that of the firm',
  AmountNotAcceptable: 'an amount is zero, negative, too large, or has too many digits',
  TriggerAboveMinimum: 'the top-up trigger amount is above the minimum balance',
  MinimumBalanceRequired: 'replenishment needs a minimum balance above zero',
  InitialAmountLocked: 'a payment counts toward the initial amount, which can no longer be edited',
  NothingDue: 'nothing is due',
  ReplenishmentOff: 'replenishment is off, so the request is not sent again',
  NoOpenRequest: 'no request is open',
  NoSuchAttention: 'nothing of the kind needs attention',
  RequestNotOpen: 'the request is no longer open',
  PaymentTooSmall: 'the amount is below the smallest that the provider charges',
  PaymentTooLarge: 'the amount is above the largest that the provider charges',
  RemainderTooSmall: 'of the {dueMinor} due less would be left than the provider can charge',
  InvoiceNotOpen: 'nothing is owed on the invoice',
  InsufficientBalance: 'the balance of {balanceMinor} is not enough',
  AmountAboveInvoiceRest: 'the amount is more than is owed on the invoice',
  ApplicationNotReversible: 'it cannot be taken back, or was already',
  InvoiceNumberTaken: 'an invoice with this number is recorded already',
  AmountAboveRefundable: 'the amount is more than the client’s undisputed payments can be sent back',
  NothingToRefund: 'there is nothing to refund',
  SameMatter: 'giving and receiving matter are the same',
  OtherClientsMatter: 'the receiving matter is another client’s',
  ReceivingMatterNotEnabled: 'the retainer is not enabled on the receiving matter',
  ReceivingMatterClosed: 'the receiving matter is closed or closing',
  NotInUnappliedFunds: 'the payment is not in unapplied funds with that amount',
  PaymentDisputed: 'the payment is disputed',
  AmountAboveReceivable: 'the amount is more than the client owes for reversed payments',
  IdempotencyKeyReused: 'its idempotency key was used for something else',
}

/** The same where money that is on its way made the difference (R13). */
const REASONS_WITH_PENDING: Partial<Record<RefusalCode, string>> = {
  NothingDue: 'nothing is due beside the {pendingMinor} on its way',
}

/** Why a command was refused, as a template like those of `explain.ts`; a code or command of other code is spelt out. */
export function refusalTemplate(code: string, command: string, isPending: boolean): string {
  const known = code as RefusalCode
  const reason = (isPending ? REASONS_WITH_PENDING[known] : undefined) ?? REASONS[known] ?? code
  return `${NOT_DONE[command as Command['kind']] ?? `Refused (${command})`}: ${reason}.`
}
