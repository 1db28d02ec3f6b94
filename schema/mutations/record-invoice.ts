import { idFromKey } from '../../src/api/command-gateway.ts'
import { LARGEST_RECORDED_MINOR } from '../../src/domain/money.ts'
import { builder } from '../builder.ts'
import { keyField, text } from '../inputs.ts'
import { Invoice } from '../invoices.ts'
import { Matter } from '../matter.ts'
import { MoneyInput, readAmounts } from '../money.ts'
import { viewerOf } from '../reading.ts'
import { matterField } from './of-matter.ts'
import { currencyOf, refused, resultType } from './result.ts'
import { ANY_COMMAND, send } from './send.ts'

const Input = builder.inputType('RecordInvoiceInput', {
  description: 'An invoice of the firm’s billing system.',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    matterId: t.globalID({ for: Matter, description: 'The matter. Errors: NOT_FOUND.' }),
    number: t.string({
      validate: text(64),
      description: 'The firm’s number for it, unique in the firm; 1 to 64 characters.',
    }),
    amount: t.field({ type: MoneyInput, description: 'What was invoiced, more than zero.' }),
  }),
})

const Payload = builder.objectRef<{ matterId: string; invoiceId: string }>('RecordInvoicePayload').implement({
  description: 'The invoice is in the books.',
  fields: (t) => ({
    matter: t.field({ ...matterField, resolve: ({ matterId }) => matterId }),
    invoice: t.field({
      type: Invoice,
      nullable: true,
      description: 'The invoice, with what was paid of it at once.',
      resolve: ({ invoiceId }) => invoiceId,
    }),
  }),
})

builder.mutationField('recordInvoice', (t) =>
  t.field({
    type: resultType(Payload, ['InvoiceNumberTaken', 'CurrencyMismatch', 'AmountNotAcceptable', ...ANY_COMMAND]),
    authScopes: { biller: true },
    description:
      'Records an invoice and, with `payNewInvoices: AUTOMATIC`, pays it from the retainer as far as the balance goes (R16). May set off a top-up (R7).',
    args: { input: t.arg({ type: Input, description: 'The invoice.' }) },
    resolve: async (_root, { input }, context) => {
      const { idempotencyKey: key, number } = input
      const matterId = input.matterId.id
      const currency = await currencyOf(context)
      const { amounts, refusal } = readAmounts({ amount: input.amount }, currency, LARGEST_RECORDED_MINOR)
      if (refusal) return refused(context, refusal)
      const invoiceId = idFromKey(viewerOf(context).firmId, key)
      const amountMinor = amounts.amount ?? 0n
      const sent = await send(context, {
        matterId,
        key,
        command: { kind: 'recordInvoice', invoiceId, number, currency, amountMinor },
      })
      return sent.refusal ? refused(context, sent.refusal) : { matterId, invoiceId }
    },
  }),
)
