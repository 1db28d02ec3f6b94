import type { RefundFate } from '../behaviour.ts'

/** A card of the sandbox: what it is and how the bank answers. */
export interface TestCard {
  number: string
  brand: string
  /** What the page says beside it. */
  label: string
  /** Absent when the bank pays. */
  decline?: { code: string; declineCode?: string; message: string }
  /** What the cardholder does after it was paid. */
  disputes?: { reason: string; inquiry: boolean }
  /** What becomes of its refunds; they succeed at once where nothing is said. */
  refunds?: RefundFate
}

const brand = 'visa'

/** The cards the page offers; the numbers and answers are those of Stripe's test mode. */
export const TEST_CARDS: readonly TestCard[] = [
  { number: '4242424242424242', brand, label: 'Payment succeeds' },
  {
    number: '4000000000000002',
    brand,
    label: 'Declined by the bank',
    decline: { code: 'card_declined', declineCode: 'generic_decline', message: 'Your card was declined.' },
  },
  {
    number: '4000000000009995',
    brand,
    label: 'Insufficient funds',
    decline: { code: 'card_declined', declineCode: 'insufficient_funds', message: 'Your card has insufficient funds.' },
  },
  {
    number: '4000000000000259',
    brand,
    label: 'Paid, then disputed as fraudulent',
    disputes: { reason: 'fraudulent', inquiry: false },
  },
  {
    number: '4000000000001976',
    brand,
    label: 'Paid, then an inquiry',
    disputes: { reason: 'fraudulent', inquiry: true },
  },
  { number: '4000000000007726', brand, label: 'Paid; its refunds take their time', refunds: 'succeeds_later' },
  { number: '4000000000005126', brand, label: 'Paid; its refunds fail later', refunds: 'fails_later' },
]

/** The card with this number, spaces ignored; undefined for anything but a test card (no real card is ever taken). */
export function findCard(number: string): TestCard | undefined {
  const digits = number.replaceAll(/[\s-]/g, '')
  return TEST_CARDS.find((card) => card.number === digits)
}
