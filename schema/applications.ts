import { builder } from './builder.ts'
import { Money, money } from './money.ts'
import { read, UNREMEMBERED } from './reading.ts'
import { applicationsById } from './reads/applications.ts'

type ApplicationRow = Awaited<ReturnType<typeof applicationsById>>[number]

export const RetainerApplication = builder.loadableNodeRef('RetainerApplication', {
  id: { resolve: (application: ApplicationRow) => application.id },
  load: (ids: string[], context) => read(context, (trx, firmId) => applicationsById(trx, ids, firmId)),
  toKey: (application) => application.id,
  sort: true,
  loaderOptions: UNREMEMBERED,
})

RetainerApplication.implement({
  description: 'An invoice was paid, in part or whole, from the retainer (R16).',
  fields: (t) => ({
    amount: t.field({
      type: Money,
      description: 'How much.',
      resolve: (row) => money(row.amount_minor, row.currency),
    }),
    automatic: t.boolean({
      description: 'Whether it was paid by itself, when the invoice was recorded.',
      resolve: ({ id }) => id.startsWith('automatic:'),
    }),
    appliedAt: t.field({ type: 'DateTime', description: 'When it was paid.', resolve: (row) => row.applied_at }),
    reversedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken back; null while it stands.',
      resolve: (row) => row.reversed_at,
    }),
  }),
})
