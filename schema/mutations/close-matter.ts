import { builder } from '../builder.ts'
import { matterInput, matterPayload } from './of-matter.ts'
import { refused, resultType } from './result.ts'
import { ANY_COMMAND, send } from './send.ts'

const Payload = matterPayload('CloseMatterPayload', 'The matter is closing, or closed if its retainer was empty.')

builder.mutationField('closeMatter', (t) =>
  t.field({
    type: resultType(Payload, ['MatterClosing', ...ANY_COMMAND]),
    authScopes: { admin: true },
    description:
      'Withdraws the open request and asks for nothing more; the matter is CLOSING until its retainer is used up (R20).',
    args: {
      input: t.arg({ type: matterInput('CloseMatterInput', 'Which matter to close.'), description: 'Which matter.' }),
    },
    resolve: async (_root, { input }, context) => {
      const matterId = input.matterId.id
      const sent = await send(context, { matterId, key: input.idempotencyKey, command: { kind: 'closeMatter' } })
      return sent.refusal ? refused(context, sent.refusal) : { matterId }
    },
  }),
)
