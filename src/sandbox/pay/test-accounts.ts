/** Why a bank sends a debit back: the codes Stripe uses, and what it says to the payer. */
export const DEBIT_FAILURES = {
  account_closed: "The customer's bank account has been closed.",
  no_account: "The customer's bank account could not be found.",
  insufficient_funds: "The customer's bank account has insufficient funds.",
  debit_not_authorized: 'The customer has notified their bank that this payment was unauthorized.',
} as const

/** One of `DEBIT_FAILURES`. */
export type DebitFailure = keyof typeof DEBIT_FAILURES

/** A bank account of the sandbox and what becomes of a debit to it. */
export interface TestAccount {
  number: string
  /** What the page says beside it. */
  label: string
  outcome: { kind: 'settles' | 'never' } | { kind: 'fails' | 'settles_and_returns'; failure: DebitFailure }
}

/** The routing number of all of them, as in Stripe's test mode. */
export const ROUTING_NUMBER = '110000000'

/** The bank accounts the page offers; the numbers and outcomes are those of Stripe's test mode. */
export const TEST_ACCOUNTS: readonly TestAccount[] = [
  { number: '000123456789', label: 'Debit settles', outcome: { kind: 'settles' } },
  { number: '000111111113', label: 'Fails: account closed', outcome: { kind: 'fails', failure: 'account_closed' } },
  { number: '000111111116', label: 'Fails: no such account', outcome: { kind: 'fails', failure: 'no_account' } },
  {
    number: '000222222227',
    label: 'Fails: insufficient funds',
    outcome: { kind: 'fails', failure: 'insufficient_funds' },
  },
  {
    number: '000333333335',
    label: 'Fails: debit not authorised',
    outcome: { kind: 'fails', failure: 'debit_not_authorized' },
  },
  {
    number: '000555555559',
    label: 'Settles, and comes back later',
    outcome: { kind: 'settles_and_returns', failure: 'debit_not_authorized' },
  },
  { number: '000000000009', label: 'Stays on its way', outcome: { kind: 'never' } },
]

/** The account with this number, spaces ignored; undefined for anything but a test account. */
export function findAccount(number: string): TestAccount | undefined {
  const digits = number.replaceAll(/[\s-]/g, '')
  return TEST_ACCOUNTS.find((account) => account.number === digits)
}
