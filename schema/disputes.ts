import { z } from 'zod'
import { builder } from './builder.ts'
import { Money, money } from './money.ts'
import { type Cursor, idInKey } from './paging.ts'
import { Payment } from './payments.ts'
import { read, UNREMEMBERED } from './reading.ts'
import { disputesById } from './reads/disputes.ts'

type DisputeRow = Awaited<ReturnType<typeof disputesById>>[number]

const StatusEnum = builder.enumType('RetainerDisputeStatus', {
  description: 'How a dispute stands (R18).',
  values: {
    OPEN: { description: 'Not decided yet.' },
    WON: { description: 'Decided for the firm, or ended without taking money.' },
    LOST: { description: 'Decided for the client, or a return that cannot be contested.' },
  } as const,
})

export const RetainerDispute = builder.loadableNodeRef('RetainerDispute', {
  id: { resolve: (dispute: DisputeRow) => dispute.id },
  load: (ids: string[], context) => read(context, (trx, firmId) => disputesById(trx, ids, firmId)),
  toKey: (dispute) => dispute.id,
  sort: true,
  loaderOptions: UNREMEMBERED,
})

RetainerDispute.implement({
  description: 'A client disputes a payment, or a bank returns one after it settled (R18).',
  fields: (t) => ({
    reference: t.string({ description: 'The provider’s id of it.', resolve: ({ id }) => id }),
    payment: t.field({
      type: Payment,
      nullable: true,
      description: 'The payment it is about.',
      resolve: (row) => row.payment_id,
    }),
    amount: t.field({
      type: Money,
      description: 'How much is disputed.',
      resolve: (row) => money(row.amount_minor, row.currency),
    }),
    status: t.field({
      type: StatusEnum,
      description: 'How it stands.',
      resolve: (row) => row.status as typeof StatusEnum.$inferType,
    }),
    deadline: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when the firm can answer it at the provider; null for a return that cannot be contested.',
      resolve: (row) => row.deadline,
    }),
    withdrawn: t.field({
      type: Money,
      description: 'What the provider has taken for it.',
      resolve: (row) => money(row.withdrawn_minor, row.currency),
    }),
    reinstated: t.field({
      type: Money,
      description: 'What it has given back since it was won.',
      resolve: (row) => money(row.reinstated_minor, row.currency),
    }),
    openedAt: t.field({ type: 'DateTime', description: 'When it came to be known.', resolve: (row) => row.opened_at }),
  }),
})

export const RetainerDisputeConnection = builder.connectionObject(
  { type: RetainerDispute, name: 'RetainerDisputeConnection', description: 'A page of disputes.' },
  { name: 'RetainerDisputeEdge', description: 'A dispute and its place in the list.' },
)

export const disputeCursor: Cursor<DisputeRow, [openedAt: string, id: string]> = {
  shape: z.tuple([z.iso.datetime(), idInKey]),
  of: (row) => [row.opened_at.toISOString(), row.id],
}
