import { type Refundable as Refundables, refundables } from '../src/books/refundable.ts'
import { type CurrencyCode, chargeLimits } from '../src/domain/money.ts'
import { builder } from './builder.ts'
import { disputeCursor, RetainerDisputeConnection } from './disputes.ts'
import { Money, money } from './money.ts'
import { pageArgs } from './paging.ts'
import { batched } from './reading.ts'
import { disputePages } from './reads/disputes.ts'
import { refundPages } from './reads/refunds.ts'
import { pendingPayments } from './reads/retainers.ts'
import { RetainerRefundConnection, refundCursor } from './refunds.ts'
import { Retainer } from './retainer.ts'
import { list } from './retainer-lists.ts'

interface PendingRow {
  currency: string
  paymentId: string
  amountMinor: string
  at: Date | null
}

const PendingPayment = builder.objectRef<PendingRow>('RetainerPendingPayment').implement({
  description: 'A bank debit on its way: not available, and not asked for again (R13).',
  fields: (t) => ({
    paymentId: t.exposeString('paymentId', {
      description: 'The provider’s id of it; its transaction names it once it has settled.',
    }),
    amount: t.field({
      type: Money,
      description: 'How much.',
      resolve: ({ amountMinor, currency }) => money(BigInt(amountMinor), currency),
    }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it came to be known. Bank debits take several business days.',
      resolve: ({ at }) => at,
    }),
  }),
})

type RefundableRow = Refundables & { currency: string }

const Refundable = builder.objectRef<RefundableRow>('RetainerRefundable').implement({
  description: 'What can be refunded at this moment (R17).',
  fields: (t) => ({
    amount: t.field({
      type: Money,
      description: 'How much in all: what is available and left of the client’s undisputed payments.',
      resolve: (row) => money(row.refundableMinor, row.currency),
    }),
    online: t.field({
      type: Money,
      description: 'What of it goes back to the payments it came from; the rest is paid by other means.',
      resolve: (row) => money(row.onlineMinor, row.currency),
    }),
  }),
})

builder.objectFields(Retainer, (t) => ({
  pendingPayments: t.field({
    type: [PendingPayment],
    description: 'The payments on their way, oldest first (R13).',
    resolve: (row, _args, context) =>
      batched<PendingRow[]>(context, 'pendingPayments', row.matter_id, pendingPayments, []),
  }),
  refundable: t.field({
    type: Refundable,
    description: 'What can be refunded at this moment (R17).',
    resolve: async ({ matter_id: matterId, currency }, _args, context) => {
      const { stepMinor } = chargeLimits(currency as CurrencyCode)
      const found = await batched(
        context,
        'refundable',
        matterId,
        (trx, matterIds, firmId) => refundables(trx, firmId, matterIds, stepMinor),
        { refundableMinor: 0n, onlineMinor: 0n },
      )
      return { ...found, currency }
    },
  }),
  refunds: t.field({
    type: RetainerRefundConnection,
    description: 'Its refunds, newest first (R17). Errors: BAD_USER_INPUT.',
    args: pageArgs(t.arg),
    resolve: ({ matter_id: matterId }, args, context) =>
      list({ context, matterId, field: 'refunds', args }, refundCursor, refundPages),
  }),
  disputes: t.field({
    type: RetainerDisputeConnection,
    description: 'Disputes of its payments, newest first (R18). Errors: BAD_USER_INPUT.',
    args: pageArgs(t.arg),
    resolve: ({ matter_id: matterId }, args, context) =>
      list({ context, matterId, field: 'disputes', args }, disputeCursor, disputePages),
  }),
}))
