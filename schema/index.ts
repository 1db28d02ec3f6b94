import { builder } from './builder.ts'
import { withRoles } from './roles.ts'

// The vocabulary
import './scalars.ts'
import './money.ts'
import './phase.ts'
import './refusals.ts'

// Who asks, and the firm
import './viewer.ts'
import './practice-settings.ts'
import './client.ts'

// A matter and its retainer
import './matter.ts'
import './billing-options.ts'
import './retainer.ts'
import './retainer-lists.ts'
import './requests.ts'
import './transactions.ts'
import './payments.ts'
import './refunds.ts'
import './disputes.ts'
import './retainer-money.ts'
import './statements.ts'
import './invoices.ts'
import './applications.ts'
import './decisions.ts'
import './attention.ts'
import './live-state.ts'
import './events.ts'

// All of the firm’s matters
import './matter-list.ts'
import './firm-lists.ts'
import './totals.ts'

// The firm’s books
import './payouts.ts'
import './reconciliations.ts'
import './firm-books.ts'
import './accounts.ts'

// What a person can do
import './mutations/update-practice-settings.ts'
import './mutations/clients.ts'
import './mutations/create-matter.ts'
import './mutations/update-matter-billing-options.ts'
import './mutations/create-online.ts'
import './mutations/turn-replenishment-off.ts'
import './mutations/withdraw-request.ts'
import './mutations/record-offline-payment.ts'
import './mutations/record-invoice.ts'
import './mutations/invoice-payments.ts'
import './mutations/refund-retainer.ts'
import './mutations/transfer-retainer.ts'
import './mutations/unapplied-funds.ts'
import './mutations/start-reconciliation.ts'
import './mutations/dismiss-attention.ts'
import './mutations/dismiss-firm-attention.ts'
import './mutations/close-matter.ts'

/** The GraphQL API. `schema.graphql` beside this file is its printed form. */
export const schema = withRoles(builder.toSchema({ sortSchema: false }))
