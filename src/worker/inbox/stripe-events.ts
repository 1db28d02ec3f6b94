import type { Client } from '@temporalio/client'
import type Stripe from 'stripe'
import type { Database } from '../../db/pool.ts'
import type { Logger } from '../../log.ts'
import { handleCharge } from './charges.ts'
import { handleDispute } from './disputes.ts'
import { handlePayout } from './payouts.ts'
import { handleRefund } from './refunds.ts'
import { type InboxRow, settleRow } from './rows.ts'
import { handleSession } from './sessions.ts'

export interface StripeEventDependencies {
  db: Database
  temporal: Client
  stripe: Stripe
  log: Logger
}

type Handler = (dependencies: StripeEventDependencies, row: InboxRow) => Promise<void>

/** Who reads what an event is about, by the beginning of its type; the longest first. */
const HANDLERS: [string, Handler][] = [
  ['checkout.session.', handleSession],
  ['charge.dispute.', handleDispute],
  ['charge.', handleCharge],
  ['refund.', handleRefund],
  ['payout.', handlePayout],
]

/** An event says that something happened to an object; what happened is read from the object itself (R12). */
export async function handleStripeEvent(dependencies: StripeEventDependencies, row: InboxRow): Promise<void> {
  const [, handler] = HANDLERS.find(([prefix]) => row.type.startsWith(prefix)) ?? []
  return handler ? handler(dependencies, row) : settleRow(dependencies.db, row.id, 'asks for nothing')
}
