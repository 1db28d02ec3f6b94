import { builder } from '../builder.ts'
import { keyField, text } from '../inputs.ts'
import { viewerOf } from '../reading.ts'
import { ViewerType } from '../viewer.ts'
import { once } from './once.ts'
import { refused, resultType } from './result.ts'

const Input = builder.inputType('DismissFirmAttentionInput', {
  description: 'What a person has seen to, as `Viewer.attention` names it.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    code: t.string({ validate: text(100), description: 'Its code.' }),
    subjectId: t.string({ validate: text(200), description: 'What it is about.' }),
  }),
})

const Payload = builder.objectRef<{ id: string }>('DismissFirmAttentionPayload').implement({
  description: 'It is shown no more.',
  fields: (t) => ({
    viewer: t.field({
      type: ViewerType,
      description: 'Who asked, with what still needs attention.',
      resolve: (_payload, _args, context) => viewerOf(context),
    }),
  }),
})

builder.mutationField('dismissFirmAttention', (t) =>
  t.field({
    type: resultType(Payload, ['NoSuchAttention', 'IdempotencyKeyReused']),
    authScopes: { biller: true },
    description: 'A person has seen to what needed attention and belongs to no matter. Moves no money.',
    args: { input: t.arg({ type: Input, description: 'What was seen to.' }) },
    resolve: async (_root, { input: { idempotencyKey: key, code, subjectId } }, context) => {
      const asked = { key, kind: 'dismissFirmAttention', input: { code, subjectId } }
      const answer = await once(context, asked, async (trx, firmId) => {
        const dismissed = await trx
          .updateTable('firm_attention')
          .set({ cleared_at: new Date() })
          .where('firm_id', '=', firmId)
          .where('code', '=', code)
          .where('subject_id', '=', subjectId)
          .where('cleared_at', 'is', null)
          .returning('subject_id as id')
          .executeTakeFirst()
        return dismissed ?? { refusal: { code: 'NoSuchAttention' } }
      })
      return answer.refusal ? refused(context, answer.refusal) : answer
    },
  }),
)
