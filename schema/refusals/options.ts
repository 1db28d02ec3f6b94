import { builder } from '../builder.ts'
import { Currency } from '../money.ts'
import { Payment } from '../payments.ts'
import { refusalTypes } from './refusal.ts'

const AmountProblem = builder.enumType('AmountProblem', {
  description: 'What is wrong with an amount (R2).',
  values: {
    NEGATIVE: { description: 'It is below zero.' },
    ZERO: { description: 'It is zero where something must move.' },
    TOO_LARGE: { description: 'The payment provider cannot take that much.' },
    TOO_MANY_DIGITS: { description: 'It has more digits than the currency; it is refused rather than rounded.' },
  } as const,
})

const PROBLEMS = {
  NEGATIVE: 'must not be negative',
  ZERO: 'must be more than zero',
  TOO_LARGE: 'is more than the payment provider can take',
  TOO_MANY_DIGITS: 'has more digits than the currency',
}

/** What billing options and amounts can be refused for (R2, R6). */
export const OPTIONS_REFUSALS = refusalTypes({
  AmountNotAcceptable: {
    description: 'An amount is negative, zero, too large, or finer than the currency (R2).',
    message: ({ field, reason }) => `The amount in ${field} ${PROBLEMS[reason]}.`,
    facts: (t) => ({
      field: t.string({ description: 'Which field of the input.', resolve: ({ refusal }) => refusal.field }),
      reason: t.field({
        type: AmountProblem,
        description: 'What is wrong with it.',
        resolve: ({ refusal }) => refusal.reason,
      }),
    }),
  },
  CurrencyMismatch: {
    description: 'An amount is in another currency than the firm’s (R1).',
    message: ({ expected }) => `Amounts must be in your firm’s currency, ${expected}.`,
    facts: (t) => ({
      expected: t.field({
        type: Currency,
        description: 'The firm’s currency.',
        resolve: ({ refusal }) => refusal.expected,
      }),
    }),
  },
  TriggerAboveMinimum: {
    description: 'The top-up trigger amount is above the minimum balance (R2).',
    message: () => 'The top-up trigger amount must not be above the minimum balance.',
  },
  MinimumBalanceRequired: {
    description: 'Replenishment is on without a minimum balance (R2).',
    message: () => 'Replenishment needs a minimum balance above zero.',
  },
  RetainerTypeNotSupported: {
    description: 'Only general retainers are automated (R2).',
    message: ({ type }) => `Retainers of type ${type} are not supported; use GENERAL.`,
    facts: (t) => ({ type: t.string({ description: 'The type asked for.', resolve: ({ refusal }) => refusal.type }) }),
  },
  InitialAmountLocked: {
    description: 'A payment counts toward the initial amount, which therefore cannot be edited (R6).',
    message: ({ sinceMs }) =>
      `The initial amount can no longer be edited: a payment has counted toward it since ${new Date(sinceMs).toISOString()}.`,
    facts: (t) => ({
      lockedAt: t.field({
        type: 'DateTime',
        description: 'Since when.',
        resolve: ({ refusal }) => new Date(refusal.sinceMs),
      }),
      paymentId: t.string({
        description: 'The payment or transfer that locked it: `RetainerTransaction.paymentId` once it has settled.',
        resolve: ({ refusal }) => refusal.paymentId,
      }),
      payment: t.field({
        type: Payment,
        nullable: true,
        description: 'The same with its amount and method; null of a transfer, and while it has not settled.',
        resolve: ({ refusal }) => refusal.paymentId,
      }),
    }),
  },
})
