import { idFromKey } from '../../src/api/command-gateway.ts'
import { LARGEST_RECORDED_MINOR } from '../../src/domain/money.ts'
import { builder } from '../builder.ts'
import { keyField, text } from '../inputs.ts'
import { Matter } from '../matter.ts'
import { MoneyInput, readAmounts } from '../money.ts'
import { read, viewerOf } from '../reading.ts'
import { transactionOfPosting } from '../reads/transactions.ts'
import { RetainerTransaction } from '../transactions.ts'
import { matterField } from './of-matter.ts'
import { currencyOf, refused, resultType } from './result.ts'
import { ANY_COMMAND, send } from './send.ts'

const OfflinePaymentMethod = builder.enumType('OfflinePaymentMethod', {
  description: 'How the client paid, outside the payment page (R14).',
  values: {
    CHEQUE: { description: 'By cheque.' },
    BANK_TRANSFER: { description: 'By bank transfer.' },
    OTHER: { description: 'In another way.' },
  } as const,
})

/** How receipts and the general retainer tab begin the payment's line. */
const IN_WORDS = { CHEQUE: 'Check', BANK_TRANSFER: 'Bank transfer', OTHER: 'Payment' }

const Input = builder.inputType('RecordOfflinePaymentInput', {
  description: 'A payment that reached the firm outside the payment page.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    matterId: t.globalID({ for: Matter, description: 'The matter. Errors: NOT_FOUND.' }),
    amount: t.field({ type: MoneyInput, description: 'How much, more than zero.' }),
    method: t.field({ type: OfflinePaymentMethod, description: 'How it was paid.' }),
    reference: t.string({
      required: false,
      validate: text(150),
      description: 'A cheque’s number or a note; it stands on the receipt. 1 to 150 characters.',
    }),
  }),
})

const Payload = builder.objectRef<{ matterId: string; paymentId: string }>('RecordOfflinePaymentPayload').implement({
  description: 'The payment is deposited; client and firm are told (R12).',
  fields: (t) => ({
    matter: t.field({ ...matterField, resolve: ({ matterId }) => matterId }),
    transaction: t.field({
      type: RetainerTransaction,
      nullable: true,
      description: 'Its line on the general retainer tab.',
      resolve: ({ matterId, paymentId }, _args, context) =>
        read(context, (trx, firmId) => transactionOfPosting(trx, firmId, `payment:${paymentId}`, matterId)),
    }),
  }),
})

builder.mutationField('recordOfflinePayment', (t) =>
  t.field({
    type: resultType(Payload, ['CurrencyMismatch', 'AmountNotAcceptable', 'AmountAboveReceivable', ...ANY_COMMAND]),
    authScopes: { biller: true },
    description:
      'Records a payment by cheque or bank transfer; it counts like any other (R14). On a closed matter it pays what its client owes it for reversed payments, and no receipt is mailed (R20).',
    args: { input: t.arg({ type: Input, description: 'The payment.' }) },
    resolve: async (_root, { input }, context) => {
      const { idempotencyKey: key, method, reference } = input
      const matterId = input.matterId.id
      const currency = await currencyOf(context)
      const { amounts, refusal } = readAmounts({ amount: input.amount }, currency, LARGEST_RECORDED_MINOR)
      if (refusal) return refused(context, refusal)
      const paymentId = idFromKey(viewerOf(context).firmId, key)
      const memo = [IN_WORDS[method], reference].filter(Boolean).join(' ')
      const sent = await send(context, {
        matterId,
        key,
        command: { kind: 'recordOfflinePayment', paymentId, currency, amountMinor: amounts.amount ?? 0n },
        memo,
      })
      return sent.refusal ? refused(context, sent.refusal) : { matterId, paymentId }
    },
  }),
)
