import type { AccountKind, Entry } from './plan.ts'

type Detail = Pick<Entry, 'invoiceId' | 'providerAccount'>

/** A debit of `amountMinor`, more than zero, to `account`. */
export const debit = (account: AccountKind, amountMinor: bigint, detail: Detail = {}): Entry => ({
  account,
  side: 'DEBIT',
  amountMinor,
  ...detail,
})

/** A credit of `amountMinor`, more than zero, to `account`. */
export const credit = (account: AccountKind, amountMinor: bigint, detail: Detail = {}): Entry => ({
  account,
  side: 'CREDIT',
  amountMinor,
  ...detail,
})
