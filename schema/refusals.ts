import { builder } from './builder.ts'
import { BOOKS_REFUSALS } from './refusals/books.ts'
import { INVOICE_REFUSALS } from './refusals/invoices.ts'
import { MATTER_REFUSALS } from './refusals/matter.ts'
import { OPTIONS_REFUSALS } from './refusals/options.ts'
import { PRACTICE_REFUSALS } from './refusals/practice.ts'
import { type RefusalCode, RefusalInterface } from './refusals/refusal.ts'
import { REQUEST_REFUSALS } from './refusals/requests.ts'

/** Every refusal by its code: one type each, so that a client handles those it knows and shows the sentence of the rest. */
export const REFUSALS = {
  ...MATTER_REFUSALS,
  ...OPTIONS_REFUSALS,
  ...REQUEST_REFUSALS,
  ...INVOICE_REFUSALS,
  ...BOOKS_REFUSALS,
  ...PRACTICE_REFUSALS,
} satisfies Record<RefusalCode, unknown>

export const RefusalCodeEnum = builder.enumType('RefusalCode', {
  description: 'The name of a refusal: also the name of its type.',
  values: Object.fromEntries(
    Object.entries(REFUSALS).map(([code, { meaning }]) => [code, { description: meaning }]),
  ) as Record<RefusalCode, { description: string }>,
})

RefusalInterface.implement({
  description:
    'A rule forbids what was asked; nothing changed. Not an error: asked again with the same key, the answer is the same.',
  fields: (t) => ({
    code: t.field({
      type: RefusalCodeEnum,
      description: 'Which refusal: the name of its type.',
      resolve: ({ refusal }) => refusal.code,
    }),
    message: t.string({
      description: 'A sentence for the person who asked.',
      // Every implementing type writes its own.
      resolve: ({ refusal }) => refusal.code,
    }),
  }),
  resolveType: ({ refusal }) => refusal.code,
})
