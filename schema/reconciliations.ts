import { z } from 'zod'
import { builder } from './builder.ts'
import { Matter } from './matter.ts'
import { type Cursor, connectionOf, idInKey, pageArgs, pageOf } from './paging.ts'
import { batched, type Firmly, read, UNREMEMBERED } from './reading.ts'
import { differencePages, reconciliationsById } from './reads/reconciliations.ts'

type ReconciliationRow = Awaited<ReturnType<typeof reconciliationsById>>[number]
type DifferenceRow = NonNullable<ReturnType<Awaited<ReturnType<typeof differencePages>>['get']>>[number]

const StatusEnum = builder.enumType('ReconciliationStatus', {
  description: 'How a reconciliation stands.',
  values: {
    RUNNING: { description: 'It is looking.' },
    CLEAN: { description: 'It found nothing.' },
    DIFFERENCES: { description: 'It found what a person must look at.' },
    FAILED: { description: 'It could not be finished.' },
  } as const,
})

const CheckEnum = builder.enumType('ReconciliationCheck', {
  description: 'What is compared, in this order.',
  values: {
    BOOKS: { description: 'The books with themselves: the identities of double entry.' },
    MATTERS: { description: 'Every matter’s workflow with its books.' },
    EVENTS: { description: 'The provider’s events with those that came here; missing ones are taken in.' },
    PROVIDER: { description: 'Everything that moved at the provider with the books.' },
  } as const,
})

const Difference = builder.objectRef<DifferenceRow>('ReconciliationDifference').implement({
  description: 'What does not agree. Nothing is ever made to agree by itself.',
  fields: (t) => ({
    check: t.field({
      type: CheckEnum,
      description: 'Which comparison found it.',
      resolve: (row) => row.check as typeof CheckEnum.$inferType,
    }),
    code: t.exposeString('code', { description: 'What is wrong, as a code.' }),
    subject: t.exposeString('subject', { description: 'The row, posting or object of the provider it is about.' }),
    matter: t.field({
      type: Matter,
      nullable: true,
      description: 'The matter it is about, where it is one’s.',
      resolve: (row) => row.matter_id,
    }),
    expected: t.exposeString('expected', { nullable: true, description: 'What should be there.' }),
    found: t.exposeString('found', { nullable: true, description: 'What is there; null when it is missing.' }),
  }),
})

const DifferenceConnection = builder.connectionObject(
  { type: Difference, name: 'ReconciliationDifferenceConnection', description: 'A page of differences.' },
  { name: 'ReconciliationDifferenceEdge', description: 'A difference and its place in the list.' },
)

const differenceCursor: Cursor<DifferenceRow, number> = { shape: z.int32(), of: (row) => row.line }

export const Reconciliation = builder.loadableNodeRef('Reconciliation', {
  id: { resolve: (reconciliation: ReconciliationRow) => reconciliation.id },
  load: (ids: string[], context) => read(context, (trx, firmId) => reconciliationsById(trx, ids, firmId)),
  toKey: (reconciliation) => reconciliation.id,
  sort: true,
  loaderOptions: UNREMEMBERED,
})

Reconciliation.implement({
  description:
    'The firm’s books were compared with themselves, with its matters’ workflows and with the provider: every night, and when a person asks.',
  fields: (t) => ({
    status: t.field({
      type: StatusEnum,
      description: 'How it stands.',
      resolve: (row) => row.status as typeof StatusEnum.$inferType,
    }),
    step: t.field({
      type: CheckEnum,
      description: 'What it compares, or compared last.',
      resolve: (row) => row.step as typeof CheckEnum.$inferType,
    }),
    done: t.exposeInt('done', { description: 'How many things it has looked at in this step.' }),
    total: t.exposeInt('total', { nullable: true, description: 'Of how many; null while that is not known.' }),
    startedAt: t.field({ type: 'DateTime', description: 'When it began.', resolve: (row) => row.started_at }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it runs.',
      resolve: (row) => row.finished_at,
    }),
    differences: t.field({
      type: DifferenceConnection,
      description: 'What does not agree, in the order it was found. Errors: BAD_USER_INPUT.',
      args: pageArgs(t.arg),
      resolve: async (row, args, context) => {
        const page = pageOf(args, differenceCursor)
        const field = `differences ${JSON.stringify(args)}`
        const load = (trx: Firmly, ids: string[], firmId: string) => differencePages(trx, ids, firmId, page)
        return connectionOf(await batched<DifferenceRow[]>(context, field, row.id, load, []), page, differenceCursor)
      },
    }),
  }),
})

export const ReconciliationConnection = builder.connectionObject(
  { type: Reconciliation, name: 'ReconciliationConnection', description: 'A page of reconciliations.' },
  { name: 'ReconciliationEdge', description: 'A reconciliation and its place in the list.' },
)

export const reconciliationCursor: Cursor<ReconciliationRow, [startedAt: string, id: string]> = {
  shape: z.tuple([z.iso.datetime(), idInKey]),
  of: (row) => [row.started_at.toISOString(), row.id],
}
