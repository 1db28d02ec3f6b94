import { z } from 'zod'
import type { PostingKind } from '../src/domain/plan.ts'
import { RetainerApplication } from './applications.ts'
import { builder } from './builder.ts'
import { RetainerDispute } from './disputes.ts'
import { Invoice } from './invoices.ts'
import { Matter } from './matter.ts'
import { Money, money } from './money.ts'
import type { Cursor } from './paging.ts'
import { Payment } from './payments.ts'
import { read, UNREMEMBERED } from './reading.ts'
import { applicationIdOf } from './reads/applications.ts'
import { aboutOf, transactionsById } from './reads/transactions.ts'
import { RetainerRefund } from './refunds.ts'

type TransactionRow = Awaited<ReturnType<typeof transactionsById>>[number]

/** Postings that move a retainer. */
export type TransactionKind = Exclude<
  PostingKind,
  'INVOICE_RECORDED' | 'UNAPPLIED_PAYMENT' | 'REFUND_TAKEN' | 'PAYOUT' | 'PAYOUT_FEES' | 'PAYOUT_FAILED'
>

export const TransactionKindEnum = builder.enumType('RetainerTransactionKind', {
  description: 'What moved the retainer, by the table of the books.',
  values: {
    PAYMENT_SETTLED: { description: 'The client paid through the payment page (R12).' },
    OFFLINE_PAYMENT: { description: 'A person recorded a payment by cheque or bank transfer (R14).' },
    INVOICE_PAID: { description: 'An invoice was paid from the retainer (R16).' },
    APPLICATION_REVERSED: { description: 'A payment of an invoice was taken back (R16).' },
    UNAPPLIED_ASSIGNED: { description: 'A payment came out of the firm’s unapplied funds (R15).' },
    REFUND_COMMANDED: { description: 'Money was reserved to go back to the client online (R17).' },
    REFUND_BY_OTHER_MEANS: { description: 'Money goes back to the client by other means (R17).' },
    REFUND_FAILED: { description: 'A part of a refund failed: the money is here again (R17).' },
    REFUNDED_AT_PROVIDER: { description: 'A payment was refunded at the provider, past this system.' },
    REVERSAL: { description: 'A dispute or late return took a payment back (R18).' },
    REVERSAL_WON: { description: 'A dispute was won: the money is here again (R18).' },
    TRANSFER: { description: 'Money moved from or to another matter of the client (R19).' },
    CLOSED_BELOW_ZERO: { description: 'The matter closed below zero; what is missing is owed by the client (R20).' },
  } satisfies Record<TransactionKind, object>,
})

export const DirectionEnum = builder.enumType('RetainerTransactionDirection', {
  description: 'Whether money came or went.',
  values: { IN: { description: 'The balance rose.' }, OUT: { description: 'The balance fell.' } } as const,
})

const keyOf = (row: TransactionRow) => `${row.posting_id}.${row.line}`

export const RetainerTransaction = builder.loadableNodeRef('RetainerTransaction', {
  id: { resolve: keyOf },
  load: (ids: string[], context) => read(context, (trx, firmId) => transactionsById(trx, ids, firmId)),
  toKey: keyOf,
  sort: true,
  loaderOptions: UNREMEMBERED,
})

RetainerTransaction.implement({
  description: 'A line of the general retainer tab. Never changed and never deleted: what was wrong is reversed.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When it was booked.', resolve: (row) => row.at }),
    kind: t.field({
      type: TransactionKindEnum,
      description: 'What happened.',
      resolve: (row) => row.kind as TransactionKind,
    }),
    direction: t.field({
      type: DirectionEnum,
      description: 'Whether money came or went.',
      resolve: (row) => (row.side === 'CREDIT' ? 'IN' : 'OUT'),
    }),
    amount: t.field({
      type: Money,
      description: 'How much, never negative.',
      resolve: (row) => money(row.amount_minor, row.currency),
    }),
    balance: t.field({
      type: Money,
      description: 'The running balance: the retainer after this line.',
      resolve: (row) => money(row.balance_after_minor, row.currency),
    }),
    memo: t.string({
      nullable: true,
      description: 'What the person who recorded an offline payment wrote: `Check 1042`.',
      resolve: (row) => row.memo,
    }),
    paymentId: t.string({
      nullable: true,
      description: 'Of a payment: the provider’s id of it, or ours when a person recorded it.',
      resolve: (row) => aboutOf(row.posting_key).paymentId,
    }),
    payment: t.field({
      type: Payment,
      nullable: true,
      description: 'Of a payment, also one out of unapplied funds: how it was paid, and what became of it since.',
      resolve: (row) => aboutOf(row.posting_key).paymentId,
    }),
    refund: t.field({
      type: RetainerRefund,
      nullable: true,
      description: 'The refund that took the money, or gave it again (R17).',
      resolve: (row) => aboutOf(row.posting_key).refundId,
    }),
    dispute: t.field({
      type: RetainerDispute,
      nullable: true,
      description: 'The dispute that took the money, or gave it again (R18).',
      resolve: (row) => aboutOf(row.posting_key).disputeId,
    }),
    otherMatter: t.field({
      type: Matter,
      nullable: true,
      description: 'Of a transfer: the matter on its other side (R19).',
      resolve: (row) => row.other_matter_id,
    }),
    invoice: t.field({
      type: Invoice,
      nullable: true,
      description: 'The invoice that was paid, or is owed again.',
      resolve: (row) => row.invoice_id,
    }),
    application: t.field({
      type: RetainerApplication,
      nullable: true,
      description: 'The payment of the invoice: what `reverseApplication` takes.',
      resolve: (row) => applicationIdOf(row.posting_key),
    }),
  }),
})

export const RetainerTransactionConnection = builder.connectionObject(
  {
    type: RetainerTransaction,
    name: 'RetainerTransactionConnection',
    description: 'A page of the general retainer tab.',
  },
  { name: 'RetainerTransactionEdge', description: 'A transaction and its place in the list.' },
)

export const transactionCursor: Cursor<TransactionRow, [posting: string, line: number]> = {
  shape: z.tuple([z.string().regex(/^\d{1,18}$/), z.int32()]),
  of: (row) => [row.posting_id.toString(), row.line],
}
