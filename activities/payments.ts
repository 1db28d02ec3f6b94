import { type RefundDependencies, refundActivities } from './refunds.ts'
import { type SessionDependencies, sessionActivities } from './sessions.ts'

export type PaymentsDependencies = SessionDependencies & RefundDependencies

/** What is done at the payment provider for a matter. */
export function paymentActivities(dependencies: PaymentsDependencies) {
  return { ...sessionActivities(dependencies), ...refundActivities(dependencies) }
}
