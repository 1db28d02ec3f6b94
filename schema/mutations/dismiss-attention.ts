import { AttentionCodeEnum } from '../attention.ts'
import { builder } from '../builder.ts'
import { keyField, text } from '../inputs.ts'
import { Matter } from '../matter.ts'
import { matterPayload } from './of-matter.ts'
import { refused, resultType } from './result.ts'
import { ONCE_ENABLED, send } from './send.ts'

const Input = builder.inputType('DismissAttentionInput', {
  description: 'What a person has seen to, as `Retainer.attention` names it.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    matterId: t.globalID({ for: Matter, description: 'The matter. Errors: NOT_FOUND.' }),
    code: t.field({ type: AttentionCodeEnum, description: 'Its code.' }),
    subjectId: t.string({ validate: text(200), description: 'What it is about.' }),
  }),
})

const Payload = matterPayload('DismissAttentionPayload', 'It is shown no more.')

builder.mutationField('dismissAttention', (t) =>
  t.field({
    type: resultType(Payload, ['NoSuchAttention', ...ONCE_ENABLED]),
    authScopes: { biller: true },
    description: 'A person has seen to what needed attention.',
    args: { input: t.arg({ type: Input, description: 'What was seen to.' }) },
    resolve: async (_root, { input: { idempotencyKey: key, matterId: matter, code, subjectId } }, context) => {
      const matterId = matter.id
      const sent = await send(context, { matterId, key, command: { kind: 'dismissAttention', code, subjectId } })
      return sent.refusal ? refused(context, sent.refusal) : { matterId }
    },
  }),
)
