import { z } from 'zod'
import { builder } from './builder.ts'
import { Invoice, InvoiceConnection, invoiceCursor } from './invoices.ts'
import { Matter } from './matter.ts'
import { type Cursor, connectionOf, idInKey, pageArgs, pageOf } from './paging.ts'
import { read } from './reading.ts'
import { firmInvoicePage, type InvoiceStatus } from './reads/invoices.ts'
import { firmRequestPage } from './reads/requests.ts'
import { RequestStatusEnum, RetainerRequest, RetainerRequestConnection } from './requests.ts'

builder.objectField(RetainerRequest, 'matter', (t) =>
  t.field({ type: Matter, description: 'The matter it is of.', resolve: (row) => row.matter_id }),
)
builder.objectField(Invoice, 'matter', (t) =>
  t.field({ type: Matter, description: 'The matter it is recorded on.', resolve: (row) => row.matter_id }),
)

const RequestFilter = builder.inputType('RetainerRequestFilter', {
  description: 'Which requests: those for which all that is given holds.',
  fields: (t) => ({
    status: t.field({ type: RequestStatusEnum, required: false, description: 'How they stand.' }),
    overdue: t.boolean({ required: false, description: 'Whether they are overdue: `RetainerRequest.overdue`.' }),
  }),
})

const InvoiceStatusEnum = builder.enumType('InvoiceStatus', {
  description: 'Whether something is still owed on an invoice (R16).',
  values: {
    UNPAID: { description: 'Something is still owed.' },
    PAID: { description: 'The retainer has paid all of it.' },
  } satisfies Record<InvoiceStatus, object>,
})

type Listed = Awaited<ReturnType<typeof firmRequestPage>>[number]

const openedCursor: Cursor<Listed, [openedAt: string, id: string]> = {
  shape: z.tuple([z.iso.datetime(), idInKey]),
  of: (row) => [row.opened_at.toISOString(), row.id],
}

builder.queryFields((t) => ({
  requests: t.field({
    type: RetainerRequestConnection,
    authScopes: { reader: true },
    description: 'The requests of all of the firm’s matters, newest first. Errors: BAD_USER_INPUT.',
    args: {
      ...pageArgs(t.arg),
      filter: t.arg({ type: RequestFilter, required: false, description: 'Without one: all.' }),
    },
    resolve: async (_root, { filter, ...args }, context) => {
      const page = pageOf(args, openedCursor)
      const rows = await read(context, (trx, firmId) => firmRequestPage(trx, firmId, filter ?? {}, page))
      return connectionOf(rows, page, openedCursor)
    },
  }),
  invoices: t.field({
    type: InvoiceConnection,
    authScopes: { reader: true },
    description: 'The invoices of all of the firm’s matters, newest first (R16). Errors: BAD_USER_INPUT.',
    args: {
      ...pageArgs(t.arg),
      status: t.arg({ type: InvoiceStatusEnum, required: false, description: 'Without one: all.' }),
    },
    resolve: async (_root, { status, ...args }, context) => {
      const page = pageOf(args, invoiceCursor)
      const rows = await read(context, (trx, firmId) => firmInvoicePage(trx, firmId, status, page))
      return connectionOf(rows, page, invoiceCursor)
    },
  }),
}))
