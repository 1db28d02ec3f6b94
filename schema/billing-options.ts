import type { BillingOptions } from '../src/domain/options.ts'
import { builder } from './builder.ts'
import { Money, money } from './money.ts'
import { optionsOf, type RetainerRow, retainerLoader } from './retainer-row.ts'

export const RetainerType = builder.enumType('RetainerType', {
  description: 'What kind of retainer. Only GENERAL can be saved; the others are refused by name (R2).',
  values: {
    GENERAL: { description: 'Paid in advance, applied to invoices as they come.' },
    TRUST: { description: 'Held in trust. Not supported.' },
    EVERGREEN: { description: 'Replenished on a schedule. Not supported: use GENERAL with replenishment.' },
  } as const,
})

export const PayNewInvoices = builder.enumType('PayNewInvoices', {
  description: 'What happens to a new invoice (R16).',
  values: {
    AUTOMATIC: { description: 'It is paid from the retainer when it is recorded, as far as the balance goes.' },
    MANUAL: { description: 'It waits for a person.' },
  } satisfies Record<BillingOptions['payNewInvoices'], object>,
})

const Replenishment = builder.objectRef<RetainerRow>('Replenishment').implement({
  description: 'Whether the client is asked again when the balance gets low, and how low (R7).',
  fields: (t) => ({
    enabled: t.boolean({
      description: 'On: a top-up is requested by itself at or below the trigger (R7). Off is off at once (R10).',
      resolve: (row) => optionsOf(row).replenishment.enabled,
    }),
    minimumBalance: t.field({
      type: Money,
      description: 'What a top-up fills the balance up to.',
      resolve: (row) => money(optionsOf(row).replenishment.minimumBalanceMinor, row.currency),
    }),
    topUpTriggerAmount: t.field({
      type: Money,
      description: 'At or below this balance, money on its way included, a top-up is requested; not above the minimum.',
      resolve: (row) => money(optionsOf(row).replenishment.topUpTriggerMinor, row.currency),
    }),
  }),
})

export const MatterBillingOptions = builder.loadableObject('MatterBillingOptions', {
  ...retainerLoader,
  description: 'A matter’s billing options for its general retainer (R2).',
  fields: (t) => ({
    enabled: t.boolean({
      description: 'The matter’s switch (R1).',
      resolve: (row) => optionsOf(row).enabled,
    }),
    initialAmount: t.field({
      type: Money,
      nullable: true,
      description: 'What the client is asked for before work starts; null when empty.',
      resolve: (row) => money(optionsOf(row).initialAmountMinor, row.currency),
    }),
    type: t.field({
      type: RetainerType,
      description: 'The kind of retainer.',
      resolve: (row) => optionsOf(row).type,
    }),
    payNewInvoices: t.field({
      type: PayNewInvoices,
      description: 'What happens to a new invoice (R16).',
      resolve: (row) => optionsOf(row).payNewInvoices,
    }),
    replenishment: t.field({
      type: Replenishment,
      description: 'When the client is asked again by itself (R7).',
      resolve: (row) => row,
    }),
  }),
})
