import { z } from 'zod'
import { builder } from './builder.ts'
import { RetainerDispute } from './disputes.ts'
import { Money, money } from './money.ts'
import { type Cursor, connectionOf, idInKey, pageArgs, pageOf } from './paging.ts'
import { Payment } from './payments.ts'
import { batched, type Firmly, read, UNREMEMBERED } from './reading.ts'
import { payoutKey, payoutLinePages, payoutsById } from './reads/payouts.ts'
import { RetainerRefund } from './refunds.ts'

type PayoutRow = Awaited<ReturnType<typeof payoutsById>>[number]
type LineRow = NonNullable<ReturnType<Awaited<ReturnType<typeof payoutLinePages>>['get']>>[number]

const StatusEnum = builder.enumType('PayoutStatus', {
  description: 'How a payout stands.',
  values: {
    PAID: { description: 'It was paid to the firm’s bank account.' },
    FAILED: { description: 'It came back: its net amount is at the provider again.' },
  } as const,
})

const LineKindEnum = builder.enumType('PayoutLineKind', {
  description: 'What a line of a payout is.',
  values: {
    CHARGE: { description: 'A payment of a client.' },
    REFUND: { description: 'A refund (R17).' },
    REFUND_FAILURE: { description: 'A refund that came back (R17).' },
    DISPUTE: { description: 'A dispute or late return took money (R18).' },
    DISPUTE_REVERSAL: { description: 'A dispute was won (R18).' },
    FEE: { description: 'A fee by itself: its amount is the fee.' },
    PAYOUT_FAILURE: { description: 'An earlier payout came back.' },
    MANUAL: { description: 'A payout made by hand: the provider does not tell what is in it.' },
    OTHER: { description: 'Something that this system has no books for; reconciliation names it.' },
  } as const,
})

const PayoutLine = builder.objectRef<LineRow>('PayoutLine').implement({
  description: 'One transaction of the provider in a payout, to be ticked against the books.',
  fields: (t) => ({
    reference: t.string({ description: 'The provider’s id of it.', resolve: ({ id }) => id }),
    kind: t.field({
      type: LineKindEnum,
      description: 'What it is.',
      resolve: ({ kind }) => kind as typeof LineKindEnum.$inferType,
    }),
    at: t.field({ type: 'DateTime', description: 'When it happened at the provider.', resolve: ({ at }) => at }),
    amount: t.field({
      type: Money,
      description: 'What it moved, gross of its fee; negative where the provider took money.',
      resolve: (row) => money(row.amount_minor, row.currency),
    }),
    fee: t.field({
      type: Money,
      description: 'What the provider took for it; negative where it gave a fee back.',
      resolve: (row) => money(row.fee_minor, row.currency),
    }),
    payment: t.field({
      type: Payment,
      nullable: true,
      description: 'The payment it is, or is about.',
      resolve: (row) => row.payment_id,
    }),
    refund: t.field({
      type: RetainerRefund,
      nullable: true,
      description: 'The refund it belongs to.',
      resolve: (row) => row.refund_id,
    }),
    dispute: t.field({
      type: RetainerDispute,
      nullable: true,
      description: 'The dispute it belongs to.',
      resolve: (row) => row.dispute_id,
    }),
  }),
})

const PayoutLineConnection = builder.connectionObject(
  { type: PayoutLine, name: 'PayoutLineConnection', description: 'A page of a payout’s lines.' },
  { name: 'PayoutLineEdge', description: 'A line and its place in the list.' },
)

const lineCursor: Cursor<LineRow, [at: string, id: string]> = {
  shape: z.tuple([z.iso.datetime(), idInKey]),
  of: (row) => [row.at.toISOString(), row.id],
}

const Payout = builder.loadableNodeRef('Payout', {
  id: { resolve: (payout: PayoutRow) => payoutKey(payout) },
  load: (ids: string[], context) => read(context, (trx, firmId) => payoutsById(trx, ids, firmId)),
  toKey: payoutKey,
  sort: true,
  loaderOptions: UNREMEMBERED,
})

Payout.implement({
  description:
    'What the provider paid to the firm’s bank account at once: the books have it as one deposit of `gross` and one withdrawal of `fees`. ' +
    'Where several firms share an account at the provider, the firm’s share.',
  fields: (t) => ({
    reference: t.string({ description: 'The provider’s id of it.', resolve: ({ id }) => id }),
    account: t.exposeString('account', { description: 'The account at the provider that paid it.' }),
    status: t.field({
      type: StatusEnum,
      description: 'How it stands.',
      resolve: ({ status }) => status as typeof StatusEnum.$inferType,
    }),
    arrivesAt: t.field({
      type: 'DateTime',
      description: 'When it arrives at the bank, as the provider said.',
      resolve: (row) => row.arrives_at,
    }),
    gross: t.field({
      type: Money,
      description: 'Charges less refunds and reversals, gross of fees; negative when the provider took money.',
      resolve: (row) => money(row.gross_minor, row.currency),
    }),
    fees: t.field({
      type: Money,
      description: 'All fees in it, of disputes and failures too.',
      resolve: (row) => money(row.fees_minor, row.currency),
    }),
    net: t.field({
      type: Money,
      description: 'What the bank statement shows.',
      resolve: (row) => money(row.gross_minor - row.fees_minor, row.currency),
    }),
    bookedAt: t.field({ type: 'DateTime', description: 'When it was booked.', resolve: (row) => row.booked_at }),
    failedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it came back; null while it stands.',
      resolve: (row) => row.failed_at,
    }),
    lines: t.field({
      type: PayoutLineConnection,
      description: 'What it consists of, oldest first. Errors: BAD_USER_INPUT.',
      args: pageArgs(t.arg),
      resolve: async (row, args, context) => {
        const page = pageOf(args, lineCursor)
        const field = `payoutLines ${JSON.stringify(args)}`
        const load = (trx: Firmly, keys: string[], firmId: string) => payoutLinePages(trx, keys, firmId, page)
        return connectionOf(await batched<LineRow[]>(context, field, payoutKey(row), load, []), page, lineCursor)
      },
    }),
  }),
})

export const PayoutConnection = builder.connectionObject(
  { type: Payout, name: 'PayoutConnection', description: 'A page of payouts.' },
  { name: 'PayoutEdge', description: 'A payout and its place in the list.' },
)

export const payoutCursor: Cursor<PayoutRow, [arrivesAt: string, account: string, id: string]> = {
  shape: z.tuple([z.iso.datetime(), idInKey, idInKey]),
  of: (row) => [row.arrives_at.toISOString(), row.account, row.id],
}
