import { idFromKey } from '../../src/api/command-gateway.ts'
import { LARGEST_RECORDED_MINOR } from '../../src/domain/money.ts'
import { builder } from '../builder.ts'
import { keyField } from '../inputs.ts'
import { Matter } from '../matter.ts'
import { MoneyInput, readAmounts } from '../money.ts'
import { viewerOf } from '../reading.ts'
import { RetainerRefund } from '../refunds.ts'
import { matterField } from './of-matter.ts'
import { currencyOf, refused, resultType } from './result.ts'
import { ONCE_ENABLED, send } from './send.ts'

const Input = builder.inputType('RefundRetainerInput', {
  description: 'How much of a matter’s unused money goes back to the client.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    matterId: t.globalID({ for: Matter, description: 'The matter. Errors: NOT_FOUND.' }),
    amount: t.field({
      type: MoneyInput,
      required: false,
      description: 'How much, more than zero; left out: all that is available. `Retainer.refundable` says what can be.',
    }),
  }),
})

const Payload = builder.objectRef<{ matterId: string; refundId: string }>('RefundRetainerPayload').implement({
  description: 'The money is reserved and on its way back; the client is mailed once the provider was asked.',
  fields: (t) => ({
    matter: t.field({ ...matterField, resolve: ({ matterId }) => matterId }),
    refund: t.field({
      type: RetainerRefund,
      nullable: true,
      description: 'The refund, with the payments it goes back to.',
      resolve: ({ refundId }) => refundId,
    }),
  }),
})

builder.mutationField('refundRetainer', (t) =>
  t.field({
    type: resultType(Payload, [
      'NothingToRefund',
      'InsufficientBalance',
      'AmountAboveRefundable',
      'CurrencyMismatch',
      'AmountNotAcceptable',
      ...ONCE_ENABLED,
    ]),
    authScopes: { admin: true },
    description:
      'Sends unused money back to the payments it came from, newest first (R17); what cannot return that way is recorded as paid by other means, ' +
      'and needs a person. Asks the client for nothing again (R4, R7).',
    args: { input: t.arg({ type: Input, description: 'Which matter, and how much.' }) },
    resolve: async (_root, { input }, context) => {
      const key = input.idempotencyKey
      const matterId = input.matterId.id
      const currency = await currencyOf(context)
      const { amounts, refusal } = readAmounts({ amount: input.amount }, currency, LARGEST_RECORDED_MINOR)
      if (refusal) return refused(context, refusal)
      const refundId = idFromKey(viewerOf(context).firmId, key)
      const command = { kind: 'refundRetainer', refundId, amountMinor: amounts.amount } as const
      const sent = await send(context, { matterId, key, command })
      return sent.refusal ? refused(context, sent.refusal) : { matterId, refundId }
    },
  }),
)
