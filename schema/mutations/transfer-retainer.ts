import { idFromKey } from '../../src/api/command-gateway.ts'
import { LARGEST_RECORDED_MINOR } from '../../src/domain/money.ts'
import { builder } from '../builder.ts'
import { notFound } from '../errors.ts'
import { keyField } from '../inputs.ts'
import { Matter } from '../matter.ts'
import { MoneyInput, readAmounts } from '../money.ts'
import { read, viewerOf } from '../reading.ts'
import { mattersById } from '../reads/matters.ts'
import { transactionOfPosting } from '../reads/transactions.ts'
import { RetainerTransaction } from '../transactions.ts'
import { matterField } from './of-matter.ts'
import { currencyOf, refused, resultType } from './result.ts'
import { ONCE_ENABLED, send } from './send.ts'

const Input = builder.inputType('TransferRetainerInput', {
  description: 'How much moves from one matter of a client to another.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    matterId: t.globalID({ for: Matter, description: 'The matter that gives. Errors: NOT_FOUND.' }),
    toMatterId: t.globalID({ for: Matter, description: 'The matter that receives. Errors: NOT_FOUND.' }),
    amount: t.field({ type: MoneyInput, description: 'How much, more than zero.' }),
  }),
})

interface Transferred {
  matterId: string
  toMatterId: string
  transferId: string
}

const Payload = builder.objectRef<Transferred>('TransferRetainerPayload').implement({
  description: 'The money is in the other retainer: one entry has moved it.',
  fields: (t) => ({
    matter: t.field({ ...matterField, resolve: ({ matterId }) => matterId }),
    toMatter: t.field({ type: Matter, description: 'The matter that received.', resolve: (done) => done.toMatterId }),
    transaction: t.field({
      type: RetainerTransaction,
      nullable: true,
      description: 'Its line on the tab of the matter that gave.',
      resolve: ({ matterId, transferId }, _args, context) =>
        read(context, (trx, firmId) => transactionOfPosting(trx, firmId, `transfer:${transferId}`, matterId)),
    }),
  }),
})

builder.mutationField('transferRetainer', (t) =>
  t.field({
    type: resultType(Payload, [
      'SameMatter',
      'OtherClientsMatter',
      'ReceivingMatterNotEnabled',
      'ReceivingMatterClosed',
      'InsufficientBalance',
      'CurrencyMismatch',
      'AmountNotAcceptable',
      ...ONCE_ENABLED,
    ]),
    authScopes: { admin: true },
    description:
      'Moves money to another matter of the same client, which must be open and enabled (R19). It counts there like a payment (R4, R6); ' +
      'here it may set off a top-up (R7). Nobody is mailed.',
    args: { input: t.arg({ type: Input, description: 'From where, to where, and how much.' }) },
    resolve: async (_root, { input }, context) => {
      const key = input.idempotencyKey
      const currency = await currencyOf(context)
      const { amounts, refusal } = readAmounts({ amount: input.amount }, currency, LARGEST_RECORDED_MINOR)
      if (refusal) return refused(context, refusal)
      const [receiver] = await read(context, (trx, firmId) => mattersById(trx, [input.toMatterId.id], firmId))
      if (!receiver) throw notFound('matter')
      const [matterId, toMatterId] = [input.matterId.id, receiver.id]
      const transferId = idFromKey(viewerOf(context).firmId, key)
      const amountMinor = amounts.amount ?? 0n
      const command = { kind: 'transferRetainer', transferId, toMatterId, amountMinor } as const
      const sent = await send(context, { matterId, key, command })
      return sent.refusal ? refused(context, sent.refusal) : { matterId, toMatterId, transferId }
    },
  }),
)
