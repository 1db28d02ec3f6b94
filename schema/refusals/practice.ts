import { Currency } from '../money.ts'
import { refusalTypes } from './refusal.ts'

/** What practice settings and new matters can be refused for (R1). */
export const PRACTICE_REFUSALS = refusalTypes({
  GeneralRetainerInUse: {
    description: 'The general retainer cannot be turned off while a matter is enabled or holds money (R1).',
    message: ({ matterCount }) =>
      `General retainers are in use on ${matterCount === 1 ? 'one matter' : `${matterCount} matters`}: disable and empty them first.`,
    facts: (t) => ({
      matterCount: t.int({
        description: 'How many matters are enabled or hold money.',
        resolve: ({ refusal }) => refusal.matterCount,
      }),
    }),
  },
  CurrencyFixed: {
    description: 'The firm’s currency was fixed by its first enabled matter, or by its first entry in the books (R1).',
    message: ({ currency }) => `Your firm’s books are kept in ${currency}; the currency can no longer change.`,
    facts: (t) => ({
      currency: t.field({
        type: Currency,
        description: 'The firm’s currency.',
        resolve: ({ refusal }) => refusal.currency,
      }),
    }),
  },
  MatterNumberTaken: {
    description: 'The firm has a matter of this number.',
    message: ({ number }) => `Your firm has a matter with the number ${number} already.`,
    facts: (t) => ({
      number: t.string({ description: 'The number asked for.', resolve: ({ refusal }) => refusal.number }),
    }),
  },
})
