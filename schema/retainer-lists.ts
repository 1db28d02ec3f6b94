import { builder } from './builder.ts'
import type { ApiContext } from './context.ts'
import { decisionCursor, RetainerDecisionConnection } from './decisions.ts'
import { InvoiceConnection, invoiceCursor } from './invoices.ts'
import { type Cursor, connectionOf, type Page, pageArgs, pageOf } from './paging.ts'
import { batched, type Firmly } from './reading.ts'
import { decisionPages } from './reads/decisions.ts'
import { invoicePages } from './reads/invoices.ts'
import { requestPages } from './reads/requests.ts'
import { transactionPages } from './reads/transactions.ts'
import { RetainerRequestConnection, requestCursor } from './requests.ts'
import { Retainer } from './retainer.ts'
import { RetainerTransactionConnection, transactionCursor } from './transactions.ts'

interface Asked {
  context: ApiContext
  matterId: string
  field: string
  args: { first?: number | null | undefined; after?: string | null | undefined }
}

/** A matter's page of a list. Many matters' same page is one statement. */
export async function list<Row, Key>(
  { context, matterId, field, args }: Asked,
  cursor: Cursor<Row, Key>,
  load: (trx: Firmly, matterIds: string[], firmId: string, page: Page<Key>) => Promise<Map<string, Row[]>>,
) {
  const page = pageOf(args, cursor)
  const rows = await batched<Row[]>(
    context,
    `${field} ${JSON.stringify(args)}`,
    matterId,
    (trx, matterIds, firmId) => load(trx, matterIds, firmId, page),
    [],
  )
  return connectionOf(rows, page, cursor)
}

builder.objectFields(Retainer, (t) => ({
  requests: t.field({
    type: RetainerRequestConnection,
    description: 'Its requests, newest first. Errors: BAD_USER_INPUT.',
    args: pageArgs(t.arg),
    resolve: ({ matter_id: matterId }, args, context) =>
      list({ context, matterId, field: 'requests', args }, requestCursor, requestPages),
  }),
  transactions: t.field({
    type: RetainerTransactionConnection,
    description: 'The general retainer tab with its running balance, newest first (R12). Errors: BAD_USER_INPUT.',
    args: pageArgs(t.arg),
    resolve: ({ matter_id: matterId }, args, context) =>
      list({ context, matterId, field: 'transactions', args }, transactionCursor, transactionPages),
  }),
  invoices: t.field({
    type: InvoiceConnection,
    description: 'The matter’s invoices, newest first (R16). Errors: BAD_USER_INPUT.',
    args: pageArgs(t.arg),
    resolve: ({ matter_id: matterId }, args, context) =>
      list({ context, matterId, field: 'invoices', args }, invoiceCursor, invoicePages),
  }),
  decisions: t.field({
    type: RetainerDecisionConnection,
    description:
      'Why things were, or were not, done, newest first (R21): the client’s mails of 3 March are `from` the day’s beginning `until` its end. ' +
      'Errors: BAD_USER_INPUT.',
    args: {
      ...pageArgs(t.arg),
      from: t.arg({ type: 'DateTime', required: false, description: 'Only from this instant on.' }),
      until: t.arg({ type: 'DateTime', required: false, description: 'Only before this instant.' }),
    },
    resolve: ({ matter_id: matterId }, args, context) =>
      list({ context, matterId, field: 'decisions', args }, decisionCursor, (trx, matterIds, firmId, page) =>
        decisionPages(trx, matterIds, firmId, page, args),
      ),
  }),
}))
