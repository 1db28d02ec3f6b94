import { retainerWorkflowId } from '../workflows/contract.ts'
import { MatterBillingOptions } from './billing-options.ts'
import { builder } from './builder.ts'
import { Client } from './client.ts'
import { read, UNREMEMBERED } from './reading.ts'
import { mattersById } from './reads/matters.ts'
import { Retainer } from './retainer.ts'

type MatterRow = Awaited<ReturnType<typeof mattersById>>[number]

export const Matter = builder.loadableNodeRef('Matter', {
  id: { resolve: (matter: MatterRow) => matter.id },
  load: (ids: string[], context) => read(context, (trx, firmId) => mattersById(trx, ids, firmId)),
  toKey: (matter) => matter.id,
  sort: true,
  loaderOptions: UNREMEMBERED,
})

Matter.implement({
  description: 'A matter: one client’s business with the firm, with one general retainer.',
  fields: (t) => ({
    number: t.exposeString('number', { description: 'The firm’s number for it, unique in the firm.' }),
    title: t.exposeString('title', { description: 'What it is about.' }),
    workflowId: t.string({
      description: 'Its workflow’s id: what operators find it by in Temporal’s Web UI.',
      resolve: (matter) => retainerWorkflowId(matter.id),
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was filed.', resolve: (row) => row.created_at }),
    client: t.field({ type: Client, description: 'Who pays.', resolve: (matter) => matter.client_id }),
    billingOptions: t.field({
      type: MatterBillingOptions,
      description: 'Its billing options (R2).',
      resolve: (matter) => matter.id,
    }),
    retainer: t.field({ type: Retainer, description: 'Its general retainer.', resolve: (matter) => matter.id }),
  }),
})

builder.queryField('matter', (t) =>
  t.field({
    type: Matter,
    nullable: true,
    authScopes: { reader: true },
    description: 'One matter; null when the firm has no such matter. Errors: BAD_USER_INPUT (not an id).',
    args: { id: t.arg.globalID({ for: Matter, description: 'The matter’s id.' }) },
    resolve: (_root, { id }) => id.id,
  }),
)
