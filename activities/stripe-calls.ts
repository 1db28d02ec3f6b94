import { ApplicationFailure } from '@temporalio/activity'
import Stripe from 'stripe'

/** The request itself is wrong, and stays so; keys, limits and outages are put right by somebody or by time. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError ||
  (error instanceof Stripe.errors.StripeIdempotencyError && error.statusCode === 400)

/** Codes only: a provider's message can echo an address. */
export function passingTrouble(error: unknown): ApplicationFailure {
  const code = error instanceof Stripe.errors.StripeError ? `${error.type} ${error.code ?? ''}`.trim() : 'no code'
  return ApplicationFailure.retryable(`The payment provider did not do it (${code}).`, 'PaymentsUnavailable')
}
