import { z } from 'zod'
import { checkTotal } from '../currencies.ts'
import { invalidRequest } from '../errors.ts'
import { boolean, email, integer, list, metadata, parse, text, url } from '../params.ts'
import { type Call, seconds, type World } from '../world.ts'

const SHORTEST_SECONDS = 30 * 60
const LONGEST_SECONDS = 24 * 60 * 60

const LineItem = z.strictObject({
  quantity: integer.pipe(z.number().min(1)),
  price_data: z.strictObject({
    currency: text(3),
    unit_amount: integer.pipe(z.number().min(0)),
    product_data: z.strictObject({ name: text(250), description: text().optional() }),
  }),
})

const CreateParams = z.strictObject({
  mode: z.literal('payment'),
  line_items: list(LineItem, 1, 100),
  success_url: url,
  cancel_url: url.optional(),
  client_reference_id: text(200).optional(),
  customer_email: email.optional(),
  metadata: metadata.default({}),
  payment_intent_data: z
    .strictObject({
      metadata: metadata.default({}),
      description: text(1000).optional(),
      receipt_email: email.optional(),
    })
    .prefault({}),
  expires_at: integer.optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay']).optional(),
  adaptive_pricing: z.strictObject({ enabled: boolean }).optional(),
  allowed_payment_method_types: list(z.enum(['card', 'us_bank_account']), 1, 10).optional(),
  branding_settings: z.strictObject({ display_name: text(250) }).optional(),
})

/** The parameters of a new session, checked; `expires_at` and the total are settled. Amounts in minor units. */
export type SessionParams = ReturnType<typeof parseCreate>

function expiry(world: World, requested: number | undefined): number {
  const now = seconds(world)
  if (requested === undefined) return now + LONGEST_SECONDS
  const refuse = (bound: string) =>
    invalidRequest(
      `The \`expires_at\` timestamp must be ${bound} from Checkout Session creation.`,
      { param: 'expires_at' },
      false,
    )
  if (requested < now + SHORTEST_SECONDS) throw refuse('at least 30 minutes')
  if (requested > now + LONGEST_SECONDS) throw refuse('less than 24 hours')
  return requested
}

/** Checks the parameters of POST /v1/checkout/sessions. Throws as `parse` does, and for amounts and times out of bounds. */
export function parseCreate({ world, params }: Call) {
  const given = parse(CreateParams, params)
  const currency = given.line_items[0]?.price_data.currency ?? ''
  if (given.line_items.some((item) => item.price_data.currency !== currency))
    throw invalidRequest('All line items must have the same currency.', { param: 'line_items' }, false)
  const totalMinor = given.line_items.reduce((sum, item) => sum + item.quantity * item.price_data.unit_amount, 0)
  checkTotal(totalMinor, currency)
  if (given.allowed_payment_method_types?.includes('us_bank_account') && currency !== 'usd') {
    const message = 'The payment method `us_bank_account` only supports the following currencies: `usd`.'
    throw invalidRequest(message, { param: 'allowed_payment_method_types' }, false)
  }
  return { ...given, currency, totalMinor, expires_at: expiry(world, given.expires_at) }
}
