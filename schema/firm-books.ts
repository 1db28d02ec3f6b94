import { builder } from './builder.ts'
import { connectionOf, pageArgs, pageOf } from './paging.ts'
import { PaymentConnection, paymentCursor } from './payments.ts'
import { PayoutConnection, payoutCursor } from './payouts.ts'
import { read } from './reading.ts'
import { unappliedPage } from './reads/payments.ts'
import { payoutPage } from './reads/payouts.ts'
import { firmAttention, reconciliationPage } from './reads/reconciliations.ts'
import { ReconciliationConnection, reconciliationCursor } from './reconciliations.ts'
import { ViewerType } from './viewer.ts'

const FirmAttention = builder.objectRef<{ code: string; subject_id: string; since: Date }>('FirmAttention').implement({
  description: 'Something a person at the firm should look at that belongs to no matter.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Why, as a code: new ones may join.' }),
    subjectId: t.exposeString('subject_id', { description: 'The payment, payout or reconciliation it is about.' }),
    since: t.field({ type: 'DateTime', description: 'Since when.', resolve: ({ since }) => since }),
    message: t.string({
      description: 'What happened, for a person.',
      resolve: ({ code }, _args, context) => context.attentionWording(code).whatHappened,
    }),
    advice: t.string({
      description: 'What a person can do about it.',
      resolve: ({ code }, _args, context) => context.attentionWording(code).whatToDo,
    }),
  }),
})

builder.objectFields(ViewerType, (t) => ({
  attention: t.field({
    type: [FirmAttention],
    description: 'What a person at the firm should look at, oldest first; 100 at most. Matters have their own.',
    resolve: (_viewer, _args, context) => read(context, firmAttention),
  }),
  unappliedFunds: t.field({
    type: PaymentConnection,
    description:
      'Payments of which something lies in the firm’s unapplied funds, oldest first (R15): `assignUnappliedFunds` and ' +
      '`refundUnappliedFunds` take them. Errors: BAD_USER_INPUT.',
    args: pageArgs(t.arg),
    resolve: async (_viewer, args, context) => {
      const page = pageOf(args, paymentCursor)
      return connectionOf(await read(context, (trx, firmId) => unappliedPage(trx, firmId, page)), page, paymentCursor)
    },
  }),
  payouts: t.field({
    type: PayoutConnection,
    description: 'The provider’s payouts to the firm’s bank account, newest first. Errors: BAD_USER_INPUT.',
    args: pageArgs(t.arg),
    resolve: async (_viewer, args, context) => {
      const page = pageOf(args, payoutCursor)
      return connectionOf(await read(context, (trx, firmId) => payoutPage(trx, firmId, page)), page, payoutCursor)
    },
  }),
  reconciliations: t.field({
    type: ReconciliationConnection,
    description: 'Comparisons of the books, newest first, the running one with its progress. Errors: BAD_USER_INPUT.',
    args: pageArgs(t.arg),
    resolve: async (_viewer, args, context) => {
      const page = pageOf(args, reconciliationCursor)
      return connectionOf(
        await read(context, (trx, firmId) => reconciliationPage(trx, firmId, page)),
        page,
        reconciliationCursor,
      )
    },
  }),
}))
