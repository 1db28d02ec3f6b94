import { type AccountBalance, trialBalance } from '../src/books/trial-balance.ts'
import type { AccountKind } from '../src/domain/plan.ts'
import { builder } from './builder.ts'
import { Money, money } from './money.ts'
import { currencyOf } from './mutations/result.ts'
import { periodArgs, periodOf } from './periods.ts'
import { read, viewerOf } from './reading.ts'
import { ViewerType } from './viewer.ts'

const AccountEnum = builder.enumType('AccountKind', {
  description: 'An account of the firm’s books.',
  values: {
    PAYMENTS_HOLDING: { description: 'What the provider has taken and not paid out yet, gross of fees.' },
    OPERATING: { description: 'The firm’s operating account at its bank.' },
    RETAINER: { description: 'What the firm owes its clients as retainers: the sum of the matters’ balances.' },
    UNAPPLIED_FUNDS: { description: 'Payments that no matter could take (R15).' },
    ACCOUNTS_RECEIVABLE: { description: 'What is owed on invoices (R16).' },
    BILLINGS_CONTROL: { description: 'What was invoiced: the other side of accounts receivable.' },
    REFUNDS_IN_FLIGHT: { description: 'Reserved for refunds that the provider has not moved yet (R17).' },
    MERCHANT_FEES: { description: 'What the provider took for its services.' },
    OTHER_PROVIDER_ACTIVITY: {
      description:
        'What came to the bank, or left it, with payouts and is no payment of a client: the firm’s other business at the provider, gross.',
    },
    REVERSED_PAYMENTS_RECEIVABLE: { description: 'What clients owe because payments were reversed (R20).' },
  } satisfies Record<AccountKind, object>,
})

type AccountRow = AccountBalance & { currency: string }

const AccountBalanceType = builder.objectRef<AccountRow>('AccountBalance').implement({
  description: 'One account of the trial balance.',
  fields: (t) => ({
    account: t.field({ type: AccountEnum, description: 'Which account.', resolve: ({ account }) => account }),
    providerAccount: t.exposeString('providerAccount', {
      nullable: true,
      description: 'Of payments holding: which account at the provider.',
    }),
    debits: t.field({
      type: Money,
      description: 'All it was debited.',
      resolve: ({ debitsMinor, currency }) => money(debitsMinor, currency),
    }),
    credits: t.field({
      type: Money,
      description: 'All it was credited.',
      resolve: ({ creditsMinor, currency }) => money(creditsMinor, currency),
    }),
    balance: t.field({
      type: Money,
      description: 'Debits less credits: negative for what the firm owes.',
      resolve: ({ balanceMinor, currency }) => money(balanceMinor, currency),
    }),
  }),
})

const TrialBalance = builder.objectRef<{ accounts: AccountRow[]; currency: string }>('TrialBalance').implement({
  description: 'Every account of the firm that has entries. All debits together are all credits together.',
  fields: (t) => ({
    accounts: t.field({
      type: [AccountBalanceType],
      description: 'The accounts, by name.',
      resolve: ({ accounts }) => accounts,
    }),
    debits: t.field({
      type: Money,
      description: 'All debits.',
      resolve: ({ accounts, currency }) =>
        money(
          accounts.reduce((sum, { debitsMinor }) => sum + debitsMinor, 0n),
          currency,
        ),
    }),
    credits: t.field({
      type: Money,
      description: 'All credits.',
      resolve: ({ accounts, currency }) =>
        money(
          accounts.reduce((sum, { creditsMinor }) => sum + creditsMinor, 0n),
          currency,
        ),
    }),
  }),
})

const JournalExport = builder.objectRef<{ url: string }>('JournalExport').implement({
  description: 'A journal as a file.',
  fields: (t) => ({
    url: t.exposeString('url', {
      description:
        'The journal as CSV (RFC 4180) with the columns date, entry, account, debit, credit, matter, reference, for whoever has this ' +
        'address in the next fifteen minutes.',
    }),
  }),
})

builder.objectFields(ViewerType, (t) => ({
  trialBalance: t.field({
    type: TrialBalance,
    description: 'The firm’s books at this moment, account by account.',
    resolve: async (_viewer, _args, context) => {
      const currency = await currencyOf(context)
      const accounts = await read(context, trialBalance)
      return { currency, accounts: accounts.map((account) => ({ ...account, currency })) }
    },
  }),
  journalExport: t.field({
    type: JournalExport,
    description: 'Every entry of some days, for the bookkeeper’s program. Errors: BAD_USER_INPUT.',
    args: periodArgs(t.arg),
    resolve: async (_viewer, args, context) => {
      const { firmId } = viewerOf(context)
      return { url: await context.documents.urlOf('journal.csv', { firmId, ...periodOf(args) }) }
    },
  }),
}))
