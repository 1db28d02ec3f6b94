import { builder } from '../builder.ts'
import { matterInput, matterPayload } from './of-matter.ts'
import { refused, resultType } from './result.ts'
import { ONCE_ENABLED, send } from './send.ts'

const Payload = matterPayload('TurnReplenishmentOffPayload', 'Replenishment is off. It was no error if it was before.')

builder.mutationField('turnReplenishmentOff', (t) =>
  t.field({
    type: resultType(Payload, ['MatterClosing', ...ONCE_ENABLED]),
    authScopes: { biller: true },
    description:
      'Stops top-ups for good: from this moment no request and no reminder for one is sent. What is asked for already can still be paid (R10).',
    args: {
      input: t.arg({
        type: matterInput('TurnReplenishmentOffInput', 'Whose replenishment.'),
        description: 'Whose replenishment.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const matterId = input.matterId.id
      const command = { kind: 'turnReplenishmentOff' } as const
      const sent = await send(context, { matterId, key: input.idempotencyKey, command })
      return sent.refusal ? refused(context, sent.refusal) : { matterId }
    },
  }),
)
