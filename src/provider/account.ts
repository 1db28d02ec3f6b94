/** The account that holds what the platform itself was paid, where a firm has no connected one, as the books name it. */
const PLATFORM = 'platform'

/** The name in the books of an account at the provider; null is the platform's own. */
export const bookedAccount = (stripeAccount: string | null): string => stripeAccount ?? PLATFORM

/** The option that makes a call of the provider on an account that the books name. */
export const onAccount = (account: string): { stripeAccount?: string } =>
  account === PLATFORM ? {} : { stripeAccount: account }
