import { z } from 'zod'
import { builder } from './builder.ts'
import type { ApiContext } from './context.ts'
import { Money, money } from './money.ts'
import { type Cursor, idInKey } from './paging.ts'
import { Payment } from './payments.ts'
import { batched, read, UNREMEMBERED } from './reading.ts'
import { partsOfRefunds, refundsById } from './reads/refunds.ts'

type RefundRow = Awaited<ReturnType<typeof refundsById>>[number]
type PartRow = NonNullable<ReturnType<Awaited<ReturnType<typeof partsOfRefunds>>['get']>>[number]

const StatusEnum = builder.enumType('RetainerRefundStatus', {
  description: 'How a refund stands (R17).',
  values: {
    ON_ITS_WAY: { description: 'The money is reserved; the provider has not moved all of it yet.' },
    DONE: { description: 'All of it went back, or was recorded as paid by other means.' },
    FAILED: { description: 'A part of it failed and is where it came from again; nothing is on its way any more.' },
  } as const,
})

const PartStatusEnum = builder.enumType('RetainerRefundPartStatus', {
  description: 'How a part of a refund stands.',
  values: {
    PLANNED: { description: 'The provider has not been asked for it yet.' },
    IN_FLIGHT: { description: 'The provider was asked and has not moved the money yet.' },
    TAKEN: { description: 'It went back: the provider has moved the money, or a person pays it by other means.' },
    FAILED: { description: 'It was not made, or came back.' },
  } as const,
})

const MeansEnum = builder.enumType('RetainerRefundMeans', {
  description: 'Which way money goes back.',
  values: {
    ONLINE: { description: 'To the card or bank account it came from.' },
    OTHER: { description: 'By other means, which a person has to see to.' },
  } as const,
})

const RefundPart = builder.objectRef<PartRow>('RetainerRefundPart').implement({
  description: 'What of a refund goes back to one payment.',
  fields: (t) => ({
    amount: t.field({
      type: Money,
      description: 'How much.',
      resolve: (row) => money(row.amount_minor, row.currency),
    }),
    means: t.field({
      type: MeansEnum,
      description: 'Which way.',
      resolve: ({ means }) => means as typeof MeansEnum.$inferType,
    }),
    status: t.field({
      type: PartStatusEnum,
      description: 'How it stands.',
      resolve: ({ status, provider_status: asked }) =>
        status === 'PLANNED' && asked === 'IN_FLIGHT' ? 'IN_FLIGHT' : (status as typeof PartStatusEnum.$inferType),
    }),
    payment: t.field({
      type: Payment,
      nullable: true,
      description: 'The payment it goes back to.',
      resolve: (row) => row.payment_id,
    }),
    providerRefundId: t.string({
      nullable: true,
      description: 'The provider’s id of it; null until it was asked, and by other means.',
      resolve: (row) => row.provider_id,
    }),
  }),
})

const partsOf = ({ id }: RefundRow, context: ApiContext) =>
  batched<PartRow[]>(context, 'refundParts', id, partsOfRefunds, [])

export const RetainerRefund = builder.loadableNodeRef('RetainerRefund', {
  id: { resolve: (refund: RefundRow) => refund.id },
  load: (ids: string[], context) => read(context, (trx, firmId) => refundsById(trx, ids, firmId)),
  toKey: (refund) => refund.id,
  sort: true,
  loaderOptions: UNREMEMBERED,
})

RetainerRefund.implement({
  description: 'Unused money that goes back to the client (R17).',
  fields: (t) => ({
    amount: t.field({
      type: Money,
      description: 'How much in all.',
      resolve: (row) => money(row.amount_minor, row.currency),
    }),
    otherMeans: t.field({
      type: Money,
      description: 'What of it cannot go back online and is recorded as paid by other means.',
      resolve: (row) => money(row.other_means_minor, row.currency),
    }),
    status: t.field({
      type: StatusEnum,
      description: 'How it stands, by its parts.',
      resolve: async (row, _args, context) => {
        const statuses = new Set((await partsOf(row, context)).map(({ status }) => status))
        if (statuses.has('PLANNED')) return 'ON_ITS_WAY'
        return statuses.has('FAILED') ? 'FAILED' : 'DONE'
      },
    }),
    parts: t.field({
      type: [RefundPart],
      description: 'The payments it goes back to, newest first.',
      resolve: (row, _args, context) => partsOf(row, context),
    }),
    madeAtProvider: t.boolean({
      description: 'Whether it was made at the provider, past this system.',
      resolve: ({ found }) => found,
    }),
    at: t.field({
      type: 'DateTime',
      description: 'When it was commanded, or came to be known.',
      resolve: (row) => row.at,
    }),
  }),
})

export const RetainerRefundConnection = builder.connectionObject(
  { type: RetainerRefund, name: 'RetainerRefundConnection', description: 'A page of refunds.' },
  { name: 'RetainerRefundEdge', description: 'A refund and its place in the list.' },
)

export const refundCursor: Cursor<RefundRow, [at: string, id: string]> = {
  shape: z.tuple([z.iso.datetime(), idInKey]),
  of: (row) => [row.at.toISOString(), row.id],
}
