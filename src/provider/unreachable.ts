import Stripe from 'stripe'
import { onAccount } from './account.ts'

/**
 * Whether the provider refuses us a connected account, as the books name it: the firm has disconnected it, or closed it. On the
 * platform's own account it is our key that is wrong, which is nothing a firm has done.
 */
export const isUnreachable = (error: unknown, account: string): boolean =>
  error instanceof Stripe.errors.StripePermissionError && onAccount(account).stripeAccount !== undefined
