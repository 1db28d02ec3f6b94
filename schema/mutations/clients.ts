import { idFromKey } from '../../src/api/command-gateway.ts'
import { builder } from '../builder.ts'
import { Client } from '../client.ts'
import { notFound } from '../errors.ts'
import { email, keyField, text } from '../inputs.ts'
import { anyOf } from '../reading.ts'
import { once } from './once.ts'
import { refused, resultType } from './result.ts'

const payload = (name: string, description: string) =>
  builder.objectRef<{ clientId: string }>(name).implement({
    description,
    fields: (t) => ({
      client: t.field({ type: Client, description: 'The client after it.', resolve: ({ clientId }) => clientId }),
    }),
  })

const CreateInput = builder.inputType('CreateClientInput', {
  description: 'Who pays.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    name: t.string({ validate: text(200), description: 'As mails address the client; 1 to 200 characters.' }),
    email: t.string({ validate: email, description: 'Where requests and receipts go.' }),
  }),
})

builder.mutationField('createClient', (t) =>
  t.field({
    type: resultType(payload('CreateClientPayload', 'The client is filed.'), ['IdempotencyKeyReused']),
    authScopes: { biller: true },
    description: 'Files a client.',
    args: { input: t.arg({ type: CreateInput, description: 'The client.' }) },
    resolve: async (_root, { input: { idempotencyKey: key, name, email: address } }, context) => {
      const answer = await once(
        context,
        { key, kind: 'createClient', input: { name, address } },
        async (trx, firmId) => {
          const id = idFromKey(firmId, key)
          await trx.insertInto('client').values({ id, firm_id: firmId, name, email: address }).execute()
          return { id }
        },
      )
      return answer.refusal ? refused(context, answer.refusal) : { clientId: answer.id }
    },
  }),
)

const UpdateInput = builder.inputType('UpdateClientInput', {
  description: 'What of a client changes; what is left out stays.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    clientId: t.globalID({ for: Client, description: 'The client. Errors: NOT_FOUND.' }),
    name: t.string({ required: false, validate: text(200), description: 'As mails address the client.' }),
    email: t.string({
      required: false,
      validate: email,
      description: 'Where requests and receipts go. An open request is sent to it by `createOnline` (R12).',
    }),
  }),
})

builder.mutationField('updateClient', (t) =>
  t.field({
    type: resultType(payload('UpdateClientPayload', 'The client is changed.'), ['IdempotencyKeyReused']),
    authScopes: { biller: true },
    description: 'Corrects a client’s name or address. Sends nothing (R12).',
    args: { input: t.arg({ type: UpdateInput, description: 'The changes.' }) },
    resolve: async (_root, { input }, context) => {
      const { idempotencyKey: key, clientId: client, ...changes } = input
      const clientId = client.id
      const answer = await once(
        context,
        { key, kind: 'updateClient', input: { clientId, changes } },
        async (trx, firmId) => {
          const known = await trx
            .selectFrom('client')
            .select(['name', 'email'])
            .where('firm_id', '=', firmId)
            .where('id', '=', anyOf([clientId]))
            .forUpdate()
            .executeTakeFirst()
          if (!known) throw notFound('client')
          await trx
            .updateTable('client')
            .set({ name: changes.name ?? known.name, email: changes.email ?? known.email })
            .where('firm_id', '=', firmId)
            .where('id', '=', clientId)
            .execute()
          return { id: clientId }
        },
      )
      return answer.refusal ? refused(context, answer.refusal) : { clientId: answer.id }
    },
  }),
)
