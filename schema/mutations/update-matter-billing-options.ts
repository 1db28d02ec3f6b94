import { PayNewInvoices, RetainerType } from '../billing-options.ts'
import { builder } from '../builder.ts'
import { keyField } from '../inputs.ts'
import { Matter } from '../matter.ts'
import { MoneyInput, readAmounts } from '../money.ts'
import { matterPayload } from './of-matter.ts'
import { currencyOf, refused, resultType } from './result.ts'
import { ANY_COMMAND, send } from './send.ts'

const ReplenishmentInput = builder.inputType('ReplenishmentInput', {
  description:
    'When the client is asked again by itself (R7). 0 <= trigger <= minimum, and minimum > 0 when enabled (R2).',
  fields: (t) => ({
    enabled: t.boolean({ description: 'False stops top-ups at once (R10).' }),
    minimumBalance: t.field({
      type: MoneyInput,
      required: false,
      description: 'What a top-up fills the balance up to; left out it is zero.',
    }),
    topUpTriggerAmount: t.field({
      type: MoneyInput,
      required: false,
      description: 'At or below this balance a top-up is requested; left out it is zero: an empty retainer.',
    }),
  }),
})

const Input = builder.inputType('UpdateMatterBillingOptionsInput', {
  description: 'A matter’s billing options, whole: what is left out is saved as empty, not kept (R2).',
  fields: (t) => ({
    idempotencyKey: keyField(t),
    matterId: t.globalID({ for: Matter, description: 'The matter. Errors: NOT_FOUND.' }),
    enabled: t.boolean({ description: 'The matter’s switch (R1). False withdraws the open request (R2).' }),
    initialAmount: t.field({
      type: MoneyInput,
      required: false,
      description:
        'What the client is asked for before work starts; left out, or zero, it is empty. Locked by the first payment (R6).',
    }),
    type: t.field({
      type: RetainerType,
      defaultValue: 'GENERAL',
      description: 'The kind of retainer; anything but GENERAL is refused by name (R2).',
    }),
    payNewInvoices: t.field({ type: PayNewInvoices, description: 'What happens to a new invoice (R16).' }),
    replenishment: t.field({ type: ReplenishmentInput, description: 'When the client is asked again by itself (R7).' }),
  }),
})

const Payload = matterPayload('UpdateMatterBillingOptionsPayload', 'The options are saved; nothing was sent to anyone.')

const Result = resultType(Payload, [
  'GeneralRetainerNotTurnedOn',
  'RetainerTypeNotSupported',
  'InitialAmountLocked',
  'CurrencyMismatch',
  'AmountNotAcceptable',
  'MinimumBalanceRequired',
  'TriggerAboveMinimum',
  'MatterClosing',
  ...ANY_COMMAND,
])

builder.mutationField('updateMatterBillingOptions', (t) =>
  t.field({
    type: Result,
    authScopes: { biller: true },
    description:
      'Saves the matter’s billing options (R2). Sends nothing to anyone; an open request follows the new amounts (R8).',
    args: { input: t.arg({ type: Input, description: 'The options.' }) },
    resolve: async (_root, { input }, context) => {
      const { type, enabled, payNewInvoices, replenishment } = input
      if (type !== 'GENERAL') return refused(context, { code: 'RetainerTypeNotSupported', type })
      const currency = await currencyOf(context)
      const { initialAmount } = input
      const { minimumBalance, topUpTriggerAmount } = replenishment
      const { amounts, refusal } = readAmounts({ initialAmount, minimumBalance, topUpTriggerAmount }, currency)
      if (refusal) return refused(context, refusal)
      const matterId = input.matterId.id
      const sent = await send(context, {
        matterId,
        key: input.idempotencyKey,
        command: {
          kind: 'saveOptions',
          currency,
          options: {
            enabled,
            initialAmountMinor: amounts.initialAmount,
            type,
            payNewInvoices,
            replenishment: {
              enabled: replenishment.enabled,
              minimumBalanceMinor: amounts.minimumBalance ?? 0n,
              topUpTriggerMinor: amounts.topUpTriggerAmount ?? 0n,
            },
          },
        },
      })
      return sent.refusal ? refused(context, sent.refusal) : { matterId }
    },
  }),
)
