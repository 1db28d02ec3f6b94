import { builder } from '../builder.ts'
import { RetainerRequest } from '../requests.ts'
import { matterField, matterInput } from './of-matter.ts'
import { refused, resultType } from './result.ts'
import { ONCE_ENABLED, send } from './send.ts'

const Payload = builder.objectRef<{ matterId: string; requestId: string | null }>('WithdrawRequestPayload').implement({
  description: 'The request has ended; its link says that nothing is due.',
  fields: (t) => ({
    matter: t.field({ ...matterField, resolve: ({ matterId }) => matterId }),
    request: t.field({
      type: RetainerRequest,
      nullable: true,
      description: 'The request that was taken back.',
      resolve: ({ requestId }) => requestId,
    }),
  }),
})

builder.mutationField('withdrawRequest', (t) =>
  t.field({
    type: resultType(Payload, ['NoOpenRequest', 'MatterClosing', ...ONCE_ENABLED]),
    authScopes: { biller: true },
    description:
      'Takes the open request back: no more reminders, and a payment page still open is expired (R10). A payment that comes all the same is deposited (R15).',
    args: {
      input: t.arg({ type: matterInput('WithdrawRequestInput', 'Whose open request.'), description: 'Whose request.' }),
    },
    resolve: async (_root, { input }, context) => {
      const matterId = input.matterId.id
      const sent = await send(context, { matterId, key: input.idempotencyKey, command: { kind: 'withdrawRequest' } })
      return sent.refusal ? refused(context, sent.refusal) : { matterId, requestId: sent.id }
    },
  }),
)
