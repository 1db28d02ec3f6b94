import { z } from 'zod'
import { builder } from './builder.ts'
import { Client } from './client.ts'
import { text } from './inputs.ts'
import { Matter } from './matter.ts'
import { type Cursor, connectionOf, pageArgs, pageOf, textInKey } from './paging.ts'
import { RetainerPhaseEnum } from './phase.ts'
import { read } from './reading.ts'
import { type MatterOrderField, type MatterPlace, matterPage } from './reads/matter-list.ts'

const MatterConnection = builder.connectionObject(
  {
    type: Matter,
    name: 'MatterConnection',
    description: 'A page of matters.',
  },
  { name: 'MatterEdge', description: 'A matter and its place in the list.' },
)

const MatterFilter = builder.inputType('MatterFilter', {
  description: 'Which matters: those for which all that is given holds.',
  fields: (t) => ({
    phase: t.field({ type: RetainerPhaseEnum, required: false, description: 'Where the retainer stands.' }),
    phases: t.field({
      type: [RetainerPhaseEnum],
      required: false,
      validate: z.array(z.string()).max(20, 'must have 20 phases at most'),
      description: 'Where the retainer may stand; of an empty list, nowhere.',
    }),
    search: t.string({
      required: false,
      validate: text(100),
      description:
        'Part of the number, the title or the client’s name, taken literally, whatever its case and accents; 1 to 100 characters.',
    }),
    clientId: t.globalID({ for: Client, required: false, description: 'Who pays.' }),
    enabled: t.boolean({ required: false, description: 'Whether the matter has enabled its retainer (R1).' }),
    belowMinimum: t.boolean({
      required: false,
      description:
        'Whether the balance and what is on its way are less than the minimum balance, with replenishment on (R4).',
    }),
    requestOverdue: t.boolean({
      required: false,
      description: 'Whether the open request is overdue: `RetainerRequest.overdue`.',
    }),
    attention: t.boolean({ required: false, description: 'Whether something needs attention.' }),
  }),
})

const MatterOrderFieldEnum = builder.enumType('MatterOrderField', {
  description: 'What matters can be sorted by.',
  values: {
    NUMBER: { description: 'The firm’s number.' },
    TITLE: { description: 'The title, whatever its case and accents; then the number.' },
    CLIENT: { description: 'The client’s name, whatever its case and accents; then the number.' },
    BALANCE: { description: 'What the retainer holds.' },
    AMOUNT_DUE: { description: 'The amount due (R4).' },
    LAST_ACTIVITY: { description: 'When something last happened to the retainer.' },
  } satisfies Record<MatterOrderField, object>,
})

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Which way a list runs.',
  values: {
    ASC: { description: 'From the least, the earliest, from A.' },
    DESC: { description: 'From the greatest, the latest, from Z.' },
  } as const,
})

const MatterOrder = builder.inputType('MatterOrder', {
  description: 'In which order: among equals it is always the same.',
  fields: (t) => ({
    field: t.field({ type: MatterOrderFieldEnum, description: 'What it is sorted by.' }),
    direction: t.field({ type: OrderDirection, defaultValue: 'ASC', description: 'Which way.' }),
  }),
})

type Listed = Awaited<ReturnType<typeof matterPage>>[number]

const amount = z.string().regex(/^-?\d{1,18}$/)
const PLACES: Record<MatterOrderField, readonly [z.ZodType<string>, z.ZodType<string>]> = {
  NUMBER: [textInKey, z.uuid()],
  TITLE: [textInKey, textInKey],
  CLIENT: [textInKey, textInKey],
  BALANCE: [amount, z.uuid()],
  AMOUNT_DUE: [amount, z.uuid()],
  LAST_ACTIVITY: [z.iso.datetime(), z.uuid()],
}

/** A matter's place, with the order that it is one in. */
const cursorIn = (field: MatterOrderField): Cursor<Listed, [string, ...MatterPlace]> => ({
  shape: z.tuple([z.literal(field), ...PLACES[field]]),
  of: ({ place }) => [field, ...place],
})

builder.queryField('matters', (t) =>
  t.field({
    type: MatterConnection,
    authScopes: { reader: true },
    description: 'The firm’s matters. A cursor goes on in the order it came from. Errors: BAD_USER_INPUT.',
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: MatterFilter, required: false, description: 'Without one: all.' }),
      orderBy: t.arg({ type: MatterOrder, required: false, description: 'Without one: by number.' }),
    },
    resolve: async (_root, { filter, orderBy, ...args }, context) => {
      const order = orderBy ?? { field: 'NUMBER', direction: 'ASC' }
      const cursor = cursorIn(order.field)
      const page = pageOf(args, cursor)
      const after = page.after && (page.after.slice(1) as MatterPlace)
      const asked = { ...filter, clientId: filter?.clientId?.id }
      const rows = await read(context, (trx, firmId) => matterPage(trx, firmId, asked, order, { ...page, after }))
      return connectionOf(rows, page, cursor)
    },
  }),
)
