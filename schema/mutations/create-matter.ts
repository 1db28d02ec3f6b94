import { idFromKey } from '../../src/api/command-gateway.ts'
import { builder } from '../builder.ts'
import { Client } from '../client.ts'
import { notFound } from '../errors.ts'
import { keyField, text } from '../inputs.ts'
import { clientsById } from '../reads/people.ts'
import { matterPayload } from './of-matter.ts'
import { once } from './once.ts'
import { refused, resultType } from './result.ts'

const Input = builder.inputType('CreateMatterInput', {
  description: 'A client’s business with the firm.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    clientId: t.globalID({ for: Client, description: 'Who pays. Errors: NOT_FOUND.' }),
    number: t.string({
      validate: text(64),
      description: 'The firm’s number for it, unique in the firm; 1 to 64 characters.',
    }),
    title: t.string({ validate: text(200), description: 'What it is about; 1 to 200 characters.' }),
  }),
})

const Payload = matterPayload('CreateMatterPayload', 'The matter is filed, its retainer disabled.')

builder.mutationField('createMatter', (t) =>
  t.field({
    type: resultType(Payload, ['MatterNumberTaken', 'IdempotencyKeyReused']),
    authScopes: { biller: true },
    description: 'Files a matter. Its retainer begins with its first saved billing options (R1).',
    args: { input: t.arg({ type: Input, description: 'The matter.' }) },
    resolve: async (_root, { input }, context) => {
      const { idempotencyKey: key, number, title } = input
      const clientId = input.clientId.id
      const asked = { key, kind: 'createMatter', input: { clientId, number, title } }
      const answer = await once(context, asked, async (trx, firmId) => {
        const [client] = await clientsById(trx, [clientId], firmId)
        if (!client) throw notFound('client')
        const id = idFromKey(firmId, key)
        const filed = await trx
          .insertInto('matter')
          .values({ id, firm_id: firmId, client_id: client.id, number, title })
          .onConflict((conflict) => conflict.columns(['firm_id', 'number']).doNothing())
          .returning('id')
          .executeTakeFirst()
        return filed ?? { refusal: { code: 'MatterNumberTaken', number } }
      })
      return answer.refusal ? refused(context, answer.refusal) : { matterId: answer.id }
    },
  }),
)
