import { z } from 'zod'
import { builder } from './builder.ts'
import { text } from './inputs.ts'
import { type Cursor, connectionOf, pageArgs, pageOf, textInKey } from './paging.ts'
import { read, UNREMEMBERED } from './reading.ts'
import { clientPage, clientsById } from './reads/people.ts'

type ClientRow = Awaited<ReturnType<typeof clientsById>>[number]

export const Client = builder.loadableNodeRef('Client', {
  id: { resolve: (client: ClientRow) => client.id },
  load: (ids: string[], context) => read(context, (trx, firmId) => clientsById(trx, ids, firmId)),
  toKey: (client) => client.id,
  sort: true,
  loaderOptions: UNREMEMBERED,
})

Client.implement({
  description: 'Who pays: the firm’s client.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As mails and the payment page address the client.' }),
    email: t.exposeString('email', { description: 'Where requests, reminders and receipts go (R12).' }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was filed.', resolve: (row) => row.created_at }),
  }),
})

const ClientConnection = builder.connectionObject(
  { type: Client, name: 'ClientConnection', description: 'A page of clients.' },
  { name: 'ClientEdge', description: 'A client and its place in the list.' },
)

type Listed = Awaited<ReturnType<typeof clientPage>>[number]

const cursor: Cursor<Listed, [name: string, id: string]> = {
  shape: z.tuple([textInKey, z.uuid()]),
  of: (row) => [row.name_key, row.id],
}

builder.queryField('clients', (t) =>
  t.field({
    type: ClientConnection,
    authScopes: { reader: true },
    description: 'The firm’s clients by name, whatever its case and accents. Errors: BAD_USER_INPUT.',
    args: {
      ...pageArgs(t.arg),
      search: t.arg.string({
        required: false,
        validate: text(100),
        description:
          'Part of the name or the address, taken literally, whatever its case and accents; 1 to 100 characters.',
      }),
    },
    resolve: async (_root, { search, ...args }, context) => {
      const page = pageOf(args, cursor)
      return connectionOf(await read(context, (trx, firmId) => clientPage(trx, firmId, search, page)), page, cursor)
    },
  }),
)
