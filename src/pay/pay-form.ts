import { randomUUID } from 'node:crypto'
import type { CurrencyCode } from '../domain/money.ts'
import { type AmountError, readTypedAmount } from './typed-amount.ts'

/** The payment page's form as it was sent. */
interface PayForm {
  /** The same each time this very form is sent. */
  formId: string
  /** Minor units; null pays all that is due. */
  amountMinor: bigint | null
  /** The other amount as it was typed. */
  chosenAmount: string | undefined
  error: AmountError | undefined
}

/** Reads a form's body (`choice`, `amount`, `attemptId`), whatever it holds. */
export function readForm(body: string, currency: CurrencyCode): PayForm {
  const fields = new URLSearchParams(body)
  const given = fields.get('attemptId') ?? ''
  const formId = /^[\w-]{1,64}$/.test(given) ? given : randomUUID()
  const form = { formId, amountMinor: null, chosenAmount: undefined, error: undefined }
  if (fields.get('choice') === 'all') return form
  if (fields.get('choice') !== 'other') {
    return { ...form, error: { code: 'NO_CHOICE', message: 'Please choose what you would like to pay.' } }
  }
  const chosenAmount = (fields.get('amount') ?? '').slice(0, 40)
  const { amountMinor = null, error } = readTypedAmount(chosenAmount, currency)
  return { ...form, amountMinor, chosenAmount, error }
}
