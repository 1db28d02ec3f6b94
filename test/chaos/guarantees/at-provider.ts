import Stripe from 'stripe'
import type { Firm, Practice } from '../../practice/practice.ts'

/** The provider itself, past everything of ours. */
export function stripeOf({ stack }: Practice): Stripe {
  const { hostname, port } = new URL(stack.urls.sandbox ?? '')
  return new Stripe(stack.env.STRIPE_SECRET_KEY, { host: hostname, port, protocol: 'http', telemetry: false })
}

/** The option that makes a call on the firm's account. */
export const accountOption = ({ account }: Firm): { stripeAccount?: string } =>
  account === null ? {} : { stripeAccount: account }
