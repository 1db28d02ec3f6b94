import { accountActivities } from './accounts.ts'
import { type LedgerDependencies, ledgerActivities } from './ledger.ts'
import { type MailDependencies, mailActivities } from './mail.ts'
import { noticeActivities } from './notices.ts'
import { type PaymentsDependencies, paymentActivities } from './payments.ts'
import { payoutActivities } from './payouts.ts'
import { providerCheckActivities } from './provider-checks.ts'
import { type ReconciliationDependencies, reconciliationActivities } from './reconciliation.ts'

export type ActivityDependencies = LedgerDependencies &
  PaymentsDependencies &
  MailDependencies &
  ReconciliationDependencies

/** Every activity by the task queue that carries it. */
export function createActivities(dependencies: ActivityDependencies) {
  const ledger = ledgerActivities(dependencies)
  return {
    retainer: {
      ...ledger,
      ...reconciliationActivities(dependencies),
      ...accountActivities(dependencies),
      ...noticeActivities(dependencies),
    },
    payments: {
      ...paymentActivities(dependencies),
      ...payoutActivities({ ...dependencies, books: ledger }),
      ...providerCheckActivities(dependencies),
    },
    mail: mailActivities(dependencies),
  }
}
