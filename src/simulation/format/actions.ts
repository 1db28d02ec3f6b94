import { z } from 'zod'
import type { CurrencyCode } from '../../domain/money.ts'
import { amountIn, amountOrWord, name, yesOrNo } from './values.ts'

const payment = name.meta({ description: 'A payment, by the name it was called' })

/** What can be done in a step, by the key that does it. Amounts are decimal strings in `currency`. */
export function actionsIn(currency: CurrencyCode) {
  const amount = amountIn(currency)
  /** Null: all there is. */
  const amountOrAll = amountOrWord(currency, 'all')
  return {
    'save options': z
      .strictObject({
        enabled: yesOrNo.optional(),
        'initial retainer amount': amountOrWord(currency, 'empty').optional(),
        'pay new invoices': z
          .enum(['automatic', 'manual'])
          .transform((word) => (word === 'manual' ? ('MANUAL' as const) : ('AUTOMATIC' as const)))
          .optional(),
        replenishment: z
          .union([
            z.literal('off').transform(() => null),
            z.strictObject({ 'minimum balance': amount, 'top-up trigger amount': amount }),
          ])
          .optional(),
      })
      .meta({
        description: 'Saves billing options on top of those saved before; the first time enables the retainer (R2)',
      }),
    do: z
      .enum(['create online', 'turn replenishment off', 'withdraw the request', 'close the matter', 'lose the engine'])
      .meta({
        description: 'An act that needs nothing more. After losing its engine a matter goes on from the books.',
      }),
    'client pays': z
      .union(
        [
          amountOrAll,
          z.strictObject({
            amount: amountOrAll,
            by: z.enum(['card', 'bank debit']).default('card'),
            called: name.optional(),
          }),
        ],
        { error: "this should be an amount or 'all', or have one" },
      )
      .meta({ description: 'The client pays the open request on the payment page; all: what is due (R12 to R14)' }),
    'debit settles': payment.meta({ description: 'A bank debit becomes money (R13)' }),
    'debit fails': payment.meta({ description: 'A bank debit fails before it has settled (R13)' }),
    'debit returns': payment.meta({ description: 'A bank debit comes back after it had settled (R18)' }),
    'record cheque': amount.meta({ description: 'A payment by cheque or bank transfer, recorded by a person (R14)' }),
    'record invoice': z
      .union([amount, z.strictObject({ amount, number: name.optional() })], {
        error: 'this should be an amount, or have one',
      })
      .meta({ description: 'A new invoice (R16)' }),
    'apply retainer': z
      .strictObject({ invoice: name, amount: amountOrAll.default(null) })
      .meta({ description: 'A person pays an invoice from the retainer (R16)' }),
    refund: amountOrAll.meta({ description: 'Unused money goes back to the client; all: whatever is unused (R17)' }),
    'refund fails': payment.meta({ description: 'The newest refund of a payment fails at the provider (R17)' }),
    transfer: z
      .strictObject({ amount, to: name })
      .meta({ description: 'Money goes to another matter of the same client (R19)' }),
    'client disputes': z
      .union([payment, z.strictObject({ payment, amount })], {
        error: 'this should be the name of a payment, or have one',
      })
      .meta({ description: 'A dispute takes the payment, or a part of it, back (R18)' }),
    'dispute is won': payment.meta({ description: 'The newest dispute of a payment is decided for the firm (R18)' }),
    'dispute is lost': payment.meta({ description: 'The newest dispute of a payment is decided for the client (R18)' }),
  }
}
