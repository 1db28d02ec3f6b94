import { Money, money } from '../money.ts'
import { refusalTypes } from './refusal.ts'

/** What asking for money can be refused for (R3, R5, R10), and what the payment page refuses (R14). */
export const REQUEST_REFUSALS = refusalTypes({
  NothingDue: {
    description: 'Nothing is due that is not on its way already (R3, R5).',
    message: ({ onItsWayMinor }, show) =>
      onItsWayMinor > 0n
        ? `Nothing is due: a payment of ${show(onItsWayMinor)} is on its way.`
        : 'Nothing is due on this retainer.',
    facts: (t) => ({
      onItsWay: t.field({
        type: Money,
        description: 'Bank debits that have not settled yet (R13).',
        resolve: ({ refusal, currency }) => money(refusal.onItsWayMinor, currency),
      }),
    }),
  },
  ReplenishmentOff: {
    description: 'Replenishment is off: the open request stays payable by its link and is never sent again (R10).',
    message: () =>
      'Replenishment is off, so the open request is not sent again. The client can still pay by the link already sent.',
  },
  NoOpenRequest: {
    description: 'No request is open on the matter (R5).',
    message: () => 'There is no open request to withdraw.',
  },
  NoSuchAttention: {
    description: 'This needs attention no more, or never did.',
    message: () => 'This has been seen to already.',
  },
  RequestNotOpen: {
    description: 'The request has ended; its payment page says that nothing is due (R10).',
    message: () => 'This request is no longer open.',
  },
  PaymentTooSmall: {
    description: 'A payment below the provider’s smallest charge (R14).',
    message: ({ smallestMinor }, show) => `The smallest payment is ${show(smallestMinor)}.`,
    facts: (t) => ({
      smallest: t.field({
        type: Money,
        description: 'The provider’s smallest charge.',
        resolve: ({ refusal, currency }) => money(refusal.smallestMinor, currency),
      }),
    }),
  },
  PaymentTooLarge: {
    description: 'A payment above the provider’s largest charge (R14).',
    message: ({ largestMinor }, show) => `The largest payment is ${show(largestMinor)}.`,
    facts: (t) => ({
      largest: t.field({
        type: Money,
        description: 'The provider’s largest charge.',
        resolve: ({ refusal, currency }) => money(refusal.largestMinor, currency),
      }),
    }),
  },
  RemainderTooSmall: {
    description: 'A part payment would leave less than the provider’s smallest charge (R14).',
    message: ({ dueMinor, smallestMinor }, show) =>
      `Pay ${show(dueMinor)} in full, or leave at least ${show(smallestMinor)} for another payment.`,
    facts: (t) => ({
      due: t.field({
        type: Money,
        description: 'The amount due.',
        resolve: ({ refusal, currency }) => money(refusal.dueMinor, currency),
      }),
      smallest: t.field({
        type: Money,
        description: 'The least that may be left.',
        resolve: ({ refusal, currency }) => money(refusal.smallestMinor, currency),
      }),
    }),
  },
})
