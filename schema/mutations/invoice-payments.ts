import { idFromKey } from '../../src/api/command-gateway.ts'
import { LARGEST_RECORDED_MINOR } from '../../src/domain/money.ts'
import { RetainerApplication } from '../applications.ts'
import { builder } from '../builder.ts'
import { notFound } from '../errors.ts'
import { keyField } from '../inputs.ts'
import { Invoice } from '../invoices.ts'
import { MoneyInput, readAmounts } from '../money.ts'
import { read, viewerOf } from '../reading.ts'
import { applicationsById } from '../reads/applications.ts'
import { invoicesById } from '../reads/invoices.ts'
import { matterField } from './of-matter.ts'
import { currencyOf, refused, resultType } from './result.ts'
import { ONCE_ENABLED, send } from './send.ts'

interface Applied {
  matterId: string
  invoiceId: string
  applicationId: string
}

const payload = (name: string, description: string) =>
  builder.objectRef<Applied>(name).implement({
    description,
    fields: (t) => ({
      matter: t.field({ ...matterField, resolve: ({ matterId }) => matterId }),
      invoice: t.field({
        type: Invoice,
        nullable: true,
        description: 'The invoice after it.',
        resolve: ({ invoiceId }) => invoiceId,
      }),
      application: t.field({
        type: RetainerApplication,
        nullable: true,
        description: 'The payment of the invoice from the retainer.',
        resolve: ({ applicationId }) => applicationId,
      }),
    }),
  })

const ApplyInput = builder.inputType('ApplyRetainerToInvoiceInput', {
  description: 'Which invoice to pay from its matter’s retainer.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    invoiceId: t.globalID({ for: Invoice, description: 'The invoice. Errors: NOT_FOUND.' }),
    amount: t.field({
      type: MoneyInput,
      required: false,
      description: 'How much, more than zero; left out: as much as balance and invoice allow.',
    }),
  }),
})

const ApplyPayload = payload('ApplyRetainerToInvoicePayload', 'The invoice was paid, in part or whole.')

builder.mutationField('applyRetainerToInvoice', (t) =>
  t.field({
    type: resultType(ApplyPayload, [
      'InvoiceNotOpen',
      'InsufficientBalance',
      'AmountAboveInvoiceRest',
      'CurrencyMismatch',
      'AmountNotAcceptable',
      ...ONCE_ENABLED,
    ]),
    authScopes: { biller: true },
    description:
      'Pays an invoice from the retainer: never more than the balance, nor than its rest (R16). May set off a top-up (R7).',
    args: { input: t.arg({ type: ApplyInput, description: 'Which invoice, and how much.' }) },
    resolve: async (_root, { input }, context) => {
      const key = input.idempotencyKey
      const { amounts, refusal } = readAmounts(
        { amount: input.amount },
        await currencyOf(context),
        LARGEST_RECORDED_MINOR,
      )
      if (refusal) return refused(context, refusal)
      const [invoice] = await read(context, (trx, firmId) => invoicesById(trx, [input.invoiceId.id], firmId))
      if (!invoice) throw notFound('invoice')
      const { id: invoiceId, matter_id: matterId } = invoice
      const applicationId = idFromKey(viewerOf(context).firmId, key)
      const command = { kind: 'applyRetainer', invoiceId, applicationId, amountMinor: amounts.amount } as const
      const sent = await send(context, { matterId, key, command })
      return sent.refusal ? refused(context, sent.refusal) : { matterId, invoiceId, applicationId }
    },
  }),
)

const ReverseInput = builder.inputType('ReverseApplicationInput', {
  description: 'Which payment of an invoice to take back.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    applicationId: t.globalID({ for: RetainerApplication, description: 'The payment. Errors: NOT_FOUND.' }),
  }),
})

const ReversePayload = payload('ReverseApplicationPayload', 'The money is in the retainer again.')

builder.mutationField('reverseApplication', (t) =>
  t.field({
    type: resultType(ReversePayload, ['ApplicationNotReversible', ...ONCE_ENABLED]),
    authScopes: { biller: true },
    description:
      'Takes a payment of an invoice back: the money is in the retainer again, the invoice is owed again (R16).',
    args: { input: t.arg({ type: ReverseInput, description: 'Which payment.' }) },
    resolve: async (_root, { input }, context) => {
      const [row] = await read(context, (trx, firmId) => applicationsById(trx, [input.applicationId.id], firmId))
      if (!row) throw notFound('application')
      const { id: applicationId, invoice_id: invoiceId, matter_id: matterId } = row
      const facts = { applicationId, invoiceId, amountMinor: row.amount_minor }
      const command = { kind: 'reverseApplication', ...facts } as const
      const sent = await send(context, { matterId, key: input.idempotencyKey, command })
      return sent.refusal ? refused(context, sent.refusal) : { matterId, invoiceId, applicationId }
    },
  }),
)
