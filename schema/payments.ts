import { z } from 'zod'
import type { PaymentMethod } from '../src/domain/plan.ts'
import { builder } from './builder.ts'
import { Matter } from './matter.ts'
import { Money, money } from './money.ts'
import { type Cursor, idInKey } from './paging.ts'
import { read, UNREMEMBERED } from './reading.ts'
import { paymentsById } from './reads/payments.ts'

export type PaymentRow = Awaited<ReturnType<typeof paymentsById>>[number]

const PaymentMethodEnum = builder.enumType('PaymentMethod', {
  description: 'How the client paid.',
  values: {
    CARD: { description: 'By card, on the payment page.' },
    BANK_DEBIT: { description: 'From a bank account, on the payment page; it settles days later (R13).' },
    OFFLINE: { description: 'By cheque, bank transfer or otherwise, recorded by a person (R14).' },
  } satisfies Record<PaymentMethod, object>,
})

export const Payment = builder.loadableNodeRef('Payment', {
  id: { resolve: (payment: PaymentRow) => payment.id },
  load: (ids: string[], context) => read(context, (trx, firmId) => paymentsById(trx, ids, firmId)),
  toKey: (payment) => payment.id,
  sort: true,
  loaderOptions: UNREMEMBERED,
})

Payment.implement({
  description: 'A payment of a client, booked once, and what became of it since.',
  fields: (t) => ({
    reference: t.string({
      description: 'The provider’s id of it, or ours when a person recorded it; receipts name it.',
      resolve: ({ id }) => id,
    }),
    method: t.field({
      type: PaymentMethodEnum,
      description: 'How the client paid.',
      resolve: (row) => row.method as PaymentMethod,
    }),
    amount: t.field({
      type: Money,
      description: 'What the client paid.',
      resolve: (row) => money(row.amount_minor, row.currency),
    }),
    fee: t.field({
      type: Money,
      nullable: true,
      description:
        'What the provider took for it, out of the operating account; null while the provider has not said, and offline.',
      resolve: (row) => money(row.fee_minor, row.currency),
    }),
    refunded: t.field({
      type: Money,
      description: 'What went back to the client or is on its way (R17).',
      resolve: (row) => money(row.refunded_minor, row.currency),
    }),
    reversed: t.field({
      type: Money,
      description: 'What disputes and late returns took, less what was won back (R18).',
      resolve: (row) => money(row.reversed_minor, row.currency),
    }),
    disputed: t.boolean({
      description: 'Whether a dispute about it is open (R18).',
      resolve: (row) => Boolean(row.disputed),
    }),
    unapplied: t.field({
      type: Money,
      description: 'What of it lies in the firm’s unapplied funds (R15).',
      resolve: (row) => money(row.unapplied_minor, row.currency),
    }),
    refundableOnline: t.boolean({
      description: 'Whether the provider can still send it back; if not, a refund is paid by other means (R17).',
      resolve: ({ method, refundable_online: online, refundable_until: until }) =>
        method !== 'OFFLINE' && online && (until === null || until.getTime() > Date.now()),
    }),
    settledAt: t.field({ type: 'DateTime', description: 'When it was booked.', resolve: (row) => row.settled_at }),
    matter: t.field({
      type: Matter,
      nullable: true,
      description: 'The matter it belongs to; null for unapplied funds that no matter could be found for.',
      resolve: (row) => row.matter_id,
    }),
  }),
})

export const PaymentConnection = builder.connectionObject(
  { type: Payment, name: 'PaymentConnection', description: 'A page of payments.' },
  { name: 'PaymentEdge', description: 'A payment and its place in the list.' },
)

export const paymentCursor: Cursor<PaymentRow, [settledAt: string, id: string]> = {
  shape: z.tuple([z.iso.datetime(), idInKey]),
  of: (row) => [row.settled_at.toISOString(), row.id],
}
