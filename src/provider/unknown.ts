import Stripe from 'stripe'

/** What `read` answers; null when the provider knows no such object on this account. */
export async function orUnknown<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 404) return null
    throw error
  }
}
