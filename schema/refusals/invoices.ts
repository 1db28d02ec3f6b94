import { Money, money } from '../money.ts'
import { refusalTypes } from './refusal.ts'

/** What invoices and their payment from the retainer can be refused for (R16). */
export const INVOICE_REFUSALS = refusalTypes({
  InvoiceNotOpen: {
    description: 'The invoice is paid in full (R16).',
    message: () => 'This invoice is paid in full already.',
  },
  InvoiceNumberTaken: {
    description: 'The firm has an invoice of this number (R16).',
    message: () => 'Your firm has recorded an invoice with this number before.',
  },
  InsufficientBalance: {
    description: 'The retainer does not hold enough; money on its way is not available (R13, R16).',
    message: ({ availableMinor, missingMinor }, show) =>
      `The retainer has ${show(availableMinor)} available, ${show(missingMinor)} too little.`,
    facts: (t) => ({
      available: t.field({
        type: Money,
        description: 'What an invoice can draw on.',
        resolve: ({ refusal, currency }) => money(refusal.availableMinor, currency),
      }),
      missing: t.field({
        type: Money,
        description: 'How much more is needed.',
        resolve: ({ refusal, currency }) => money(refusal.missingMinor, currency),
      }),
    }),
  },
  AmountAboveInvoiceRest: {
    description: 'More than is still owed on the invoice (R16).',
    message: ({ restMinor }, show) => `Only ${show(restMinor)} of this invoice is still owed.`,
    facts: (t) => ({
      rest: t.field({
        type: Money,
        description: 'What is still owed.',
        resolve: ({ refusal, currency }) => money(refusal.restMinor, currency),
      }),
    }),
  },
  ApplicationNotReversible: {
    description: 'The application was reversed before (R16).',
    message: () => 'This application has been reversed already.',
  },
})
