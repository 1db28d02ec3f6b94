import { z } from 'zod'
import { RetainerApplication } from './applications.ts'
import { builder } from './builder.ts'
import { Money, money } from './money.ts'
import type { Cursor } from './paging.ts'
import { batched, read, UNREMEMBERED } from './reading.ts'
import { applicationsByInvoice } from './reads/applications.ts'
import { invoicesById } from './reads/invoices.ts'

type InvoiceRow = Awaited<ReturnType<typeof invoicesById>>[number]

export const Invoice = builder.loadableNodeRef('Invoice', {
  id: { resolve: (invoice: InvoiceRow) => invoice.id },
  load: (ids: string[], context) => read(context, (trx, firmId) => invoicesById(trx, ids, firmId)),
  toKey: (invoice) => invoice.id,
  sort: true,
  loaderOptions: UNREMEMBERED,
})

Invoice.implement({
  description: 'An invoice of the firm’s billing system, recorded on a matter (R16).',
  fields: (t) => ({
    number: t.exposeString('number', { description: 'The firm’s number for it, unique in the firm.' }),
    amount: t.field({
      type: Money,
      description: 'What was invoiced.',
      resolve: (row) => money(row.amount_minor, row.currency),
    }),
    paid: t.field({
      type: Money,
      description: 'What the retainer has paid of it.',
      resolve: (row) => money(row.paid_minor, row.currency),
    }),
    rest: t.field({
      type: Money,
      description: 'What is still owed.',
      resolve: (row) => money(row.amount_minor - row.paid_minor, row.currency),
    }),
    recordedAt: t.field({ type: 'DateTime', description: 'When it was recorded.', resolve: (row) => row.recorded_at }),
    applications: t.field({
      type: [RetainerApplication],
      description: 'Its payments from the retainer, oldest first, those taken back included; the first 100.',
      resolve: (row, _args, context) => batched(context, 'applications', row.id, applicationsByInvoice, []),
    }),
  }),
})

export const InvoiceConnection = builder.connectionObject(
  { type: Invoice, name: 'InvoiceConnection', description: 'A page of invoices.' },
  { name: 'InvoiceEdge', description: 'An invoice and its place in the list.' },
)

export const invoiceCursor: Cursor<InvoiceRow, [recordedAt: string, id: string]> = {
  shape: z.tuple([z.iso.datetime(), z.uuid()]),
  of: (row) => [row.recorded_at.toISOString(), row.id],
}
