import { builder } from '../builder.ts'
import { RetainerRequest } from '../requests.ts'
import { matterField, matterInput } from './of-matter.ts'
import { refused, resultType } from './result.ts'
import { ONCE_ENABLED, send } from './send.ts'

const Payload = builder.objectRef<{ matterId: string; requestId: string | null }>('CreateOnlinePayload').implement({
  description: 'The client is being asked.',
  fields: (t) => ({
    matter: t.field({ ...matterField, resolve: ({ matterId }) => matterId }),
    request: t.field({
      type: RetainerRequest,
      nullable: true,
      description: 'The request that was opened, or sent again for what remains.',
      resolve: ({ requestId }) => requestId,
    }),
  }),
})

builder.mutationField('createOnline', (t) =>
  t.field({
    type: resultType(Payload, ['NothingDue', 'ReplenishmentOff', 'MatterClosing', ...ONCE_ENABLED]),
    authScopes: { biller: true },
    description:
      'Asks the client for what is due: opens the request and mails its link, or sends the open one again for what remains (R3, R5).',
    args: {
      input: t.arg({
        type: matterInput('CreateOnlineInput', 'Which retainer to ask for.'),
        description: 'Which retainer.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const matterId = input.matterId.id
      const sent = await send(context, { matterId, key: input.idempotencyKey, command: { kind: 'createOnline' } })
      return sent.refusal ? refused(context, sent.refusal) : { matterId, requestId: sent.id }
    },
  }),
)
