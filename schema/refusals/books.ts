import { Money, money } from '../money.ts'
import { refusalTypes } from './refusal.ts'

/** What refunds, transfers and unapplied funds can be refused for (R15, R17, R19). */
export const BOOKS_REFUSALS = refusalTypes({
  NothingToRefund: {
    description: 'The retainer holds nothing that could be refunded; money on its way is not available (R13, R17).',
    message: () => 'The retainer holds nothing that could be refunded.',
  },
  AmountAboveRefundable: {
    description: 'More than what is left of the client’s undisputed payments, the newest 200 of them at once (R17).',
    message: ({ refundableMinor }, show) =>
      `Only ${show(refundableMinor)} can be refunded at once: the rest is disputed, was sent back before, or is of more than 200 payments.`,
    facts: (t) => ({
      refundable: t.field({
        type: Money,
        description: 'What can be refunded.',
        resolve: ({ refusal, currency }) => money(refusal.refundableMinor, currency),
      }),
    }),
  },
  SameMatter: {
    description: 'A transfer from a matter to itself (R19).',
    message: () => 'Choose another matter to transfer to.',
  },
  OtherClientsMatter: {
    description: 'The money is another client’s than the matter’s (R15, R19).',
    message: () => 'Money can go only to a matter of the client it came from.',
  },
  ReceivingMatterNotEnabled: {
    description: 'The matter that would receive a transfer has not enabled its retainer (R19).',
    message: () => 'The receiving matter has not enabled its retainer. Enable it in its billing options first.',
  },
  ReceivingMatterClosed: {
    description: 'The matter that would receive a transfer is closing or closed (R19, R20).',
    message: () => 'The receiving matter is closing or closed; its retainer takes no more transfers.',
  },
  NotInUnappliedFunds: {
    description: 'The payment is not, or no longer, in unapplied funds with this amount (R15).',
    message: ({ unappliedMinor }, show) =>
      unappliedMinor
        ? `Of this payment ${show(unappliedMinor)} is in the unapplied funds. Look at it again.`
        : 'Nothing of this payment is in the unapplied funds any more.',
    facts: (t) => ({
      unapplied: t.field({
        type: Money,
        nullable: true,
        description: 'What of it is in unapplied funds, for the matter that was asked; null where that was not kept.',
        resolve: ({ refusal, currency }) => money(refusal.unappliedMinor ?? null, currency),
      }),
      asked: t.field({
        type: Money,
        nullable: true,
        description: 'The amount asked for, or what was there a moment before; null where that was not kept.',
        resolve: ({ refusal, currency }) => money(refusal.askedMinor ?? null, currency),
      }),
    }),
  },
  PaymentDisputed: {
    description: 'The client disputes the payment: who has it is settled first (R15, R18).',
    message: () => 'This payment is disputed. Wait for the dispute to be decided.',
  },
  AmountAboveReceivable: {
    description: 'A closed matter takes no more than what its client owes it for reversed payments (R20).',
    message: ({ receivableMinor }, show) => `The closed matter is owed ${show(receivableMinor)}; it takes no more.`,
    facts: (t) => ({
      receivable: t.field({
        type: Money,
        description: 'What the client owes the matter.',
        resolve: ({ refusal, currency }) => money(refusal.receivableMinor, currency),
      }),
    }),
  },
  UnappliedFundsWithoutMatter: {
    description: 'The payment belongs to no matter yet, and only a matter can refund (R15).',
    message: () => 'This payment belongs to no matter. Assign it to a matter of the client, and refund it from there.',
  },
})
