import { idFromKey } from '../../src/api/command-gateway.ts'
import { type CurrencyCode, LARGEST_RECORDED_MINOR } from '../../src/domain/money.ts'
import { builder } from '../builder.ts'
import type { ApiContext } from '../context.ts'
import { notFound } from '../errors.ts'
import { keyField } from '../inputs.ts'
import { Matter } from '../matter.ts'
import { MoneyInput, readAmounts } from '../money.ts'
import { Payment } from '../payments.ts'
import { read, viewerOf } from '../reading.ts'
import { paymentsById } from '../reads/payments.ts'
import { RetainerRefund } from '../refunds.ts'
import type { Refusal } from '../refusals/refusal.ts'
import { matterField } from './of-matter.ts'
import { refused, resultType } from './result.ts'
import { ANY_COMMAND, send } from './send.ts'

const paymentField = { type: Payment, description: 'The payment after it.' } as const

const AssignInput = builder.inputType('AssignUnappliedFundsInput', {
  description: 'Which payment a matter takes on.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    paymentId: t.globalID({ for: Payment, description: 'One of `Viewer.unappliedFunds`. Errors: NOT_FOUND.' }),
    matterId: t.globalID({ for: Matter, description: 'A matter of the client who paid. Errors: NOT_FOUND.' }),
  }),
})

const AssignPayload = builder
  .objectRef<{ matterId: string; paymentId: string }>('AssignUnappliedFundsPayload')
  .implement({
    description: 'All of the payment that was unapplied is on the matter; client and firm are told (R12).',
    fields: (t) => ({
      matter: t.field({ ...matterField, resolve: ({ matterId }) => matterId }),
      payment: t.field({ ...paymentField, resolve: ({ paymentId }) => paymentId }),
    }),
  })

builder.mutationField('assignUnappliedFunds', (t) =>
  t.field({
    type: resultType(AssignPayload, [
      'NotInUnappliedFunds',
      'PaymentDisputed',
      'AmountAboveReceivable',
      'OtherClientsMatter',
      'CurrencyMismatch',
      'MatterClosing',
      ...ANY_COMMAND,
    ]),
    authScopes: { admin: true },
    description:
      'Takes a payment out of the firm’s unapplied funds onto an open matter, enabled or not, where it counts like any other deposit (R15); or onto a closed one, for what its client owes it for reversed payments (R20).',
    args: { input: t.arg({ type: AssignInput, description: 'Which payment, and to which matter.' }) },
    resolve: async (_root, { input }, context) => {
      const matterId = input.matterId.id
      const payment = await paymentOf(input.paymentId.id, context)
      const { id: paymentId, unapplied_minor: amountMinor } = payment
      const currency = payment.currency as CurrencyCode
      const command = { kind: 'assignUnappliedFunds', paymentId, currency, amountMinor } as const
      const sent = await send(context, { matterId, key: input.idempotencyKey, command, asked: { paymentId } })
      return sent.refusal ? refused(context, ofNothing(amountMinor, sent.refusal)) : { matterId, paymentId }
    },
  }),
)

const RefundInput = builder.inputType('RefundUnappliedFundsInput', {
  description: 'Which payment goes back, and how much of it.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    paymentId: t.globalID({ for: Payment, description: 'One of `Viewer.unappliedFunds`. Errors: NOT_FOUND.' }),
    amount: t.field({
      type: MoneyInput,
      required: false,
      description: 'How much, more than zero; left out: all of it that is unapplied.',
    }),
  }),
})

interface Refunded {
  matterId: string
  paymentId: string
  refundId: string
}

const RefundPayload = builder.objectRef<Refunded>('RefundUnappliedFundsPayload').implement({
  description: 'The money is on its way back; the client is mailed once the provider was asked.',
  fields: (t) => ({
    matter: t.field({ ...matterField, resolve: ({ matterId }) => matterId }),
    payment: t.field({ ...paymentField, resolve: ({ paymentId }) => paymentId }),
    refund: t.field({
      type: RetainerRefund,
      nullable: true,
      description: 'The refund.',
      resolve: ({ refundId }) => refundId,
    }),
  }),
})

builder.mutationField('refundUnappliedFunds', (t) =>
  t.field({
    type: resultType(RefundPayload, [
      'NotInUnappliedFunds',
      'PaymentDisputed',
      'UnappliedFundsWithoutMatter',
      'CurrencyMismatch',
      'AmountNotAcceptable',
      'IdempotencyKeyReused',
    ]),
    authScopes: { admin: true },
    description:
      'Sends a payment that came after its matter was closed back to the client, in part or whole (R15, R17, R20).',
    args: { input: t.arg({ type: RefundInput, description: 'Which payment, and how much.' }) },
    resolve: async (_root, { input }, context) => {
      const key = input.idempotencyKey
      const payment = await paymentOf(input.paymentId.id, context)
      const { id: paymentId, matter_id: matterId } = payment
      if (matterId === null) return refused(context, { code: 'UnappliedFundsWithoutMatter' })
      const currency = payment.currency as CurrencyCode
      const { amounts, refusal } = readAmounts({ amount: input.amount }, currency, LARGEST_RECORDED_MINOR)
      if (refusal) return refused(context, refusal)
      const refundId = idFromKey(viewerOf(context).firmId, key)
      const amountMinor = amounts.amount ?? payment.unapplied_minor
      const command = { kind: 'refundUnappliedFunds', refundId, paymentId, amountMinor } as const
      const asked = { paymentId, amountMinor: amounts.amount }
      const sent = await send(context, { matterId, key, command, asked })
      if (!sent.refusal) return { matterId, paymentId, refundId }
      return refused(context, amounts.amount === null ? ofNothing(amountMinor, sent.refusal) : sent.refusal)
    },
  }),
)

/** Where nobody typed an amount, none is wrong: there was nothing of the payment in the funds. */
const ofNothing = (amountMinor: bigint, refusal: Refusal): Refusal =>
  amountMinor === 0n ? { code: 'NotInUnappliedFunds', unappliedMinor: 0n, askedMinor: 0n } : refusal

/** A payment of the firm as it stands now. Throws NOT_FOUND. */
async function paymentOf(id: string, context: ApiContext) {
  const [payment] = await read(context, (trx, firmId) => paymentsById(trx, [id], firmId))
  if (!payment) throw notFound('payment')
  return payment
}
