import { inLanes } from './lanes.ts'
import { handleResendEvent } from './resend-events.ts'
import { claimRows, type InboxRow, tryAgainSoon } from './rows.ts'
import { handleStripeEvent, type StripeEventDependencies } from './stripe-events.ts'
import { handleTransfer } from './transfers.ts'

const HANDLERS = { stripe: handleStripeEvent, resend: handleResendEvent, books: handleTransfer } as const

/** What needs Stripe, and what can be done while Stripe hangs. */
const STRIPE = { sources: ['stripe'], count: 24, perAccount: 20 } as const
const OURS = { sources: ['books', 'resend'], count: 8, perAccount: 8 } as const

/** The engine's share of a row: without an end, an engine that hangs would hold the lane for good. */
const TOLD_WITHIN_MS = 30_000

export interface Dispatcher {
  /** Begins what is due, as far as there is room. */
  takeDue(): Promise<void>
  /** Begins no more, and waits for what is under way. */
  stop(): Promise<void>
}

/**
 * Brings events from the inbox to their matters. One that fails stays in the inbox and comes up again; the others
 * do not wait for it, nor for one that takes long, nor other accounts for one on which all do.
 */
export function inboxDispatcher(dependencies: StripeEventDependencies): Dispatcher {
  const { db, temporal, log } = dependencies

  async function handle(row: InboxRow): Promise<void> {
    try {
      await temporal.withDeadline(Date.now() + TOLD_WITHIN_MS, () => HANDLERS[row.source](dependencies, row))
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown'
      // Where the books are away as well, the row comes up again by itself, somewhat later.
      await tryAgainSoon(db, row).catch(() => undefined)
      log.warn({ inboxId: row.id, type: row.type, tries: row.tries, error: name }, 'provider event not handled yet')
    }
  }

  const groups = [STRIPE, OURS].map(({ sources, ...shares }) =>
    inLanes({ ...shares, claim: (wanted) => claimRows(db, sources, wanted), handle }),
  )
  const each = async (act: (lanes: (typeof groups)[number]) => Promise<void>): Promise<void> => {
    await Promise.all(groups.map(act))
  }
  return {
    takeDue: () => each((lanes) => lanes.fill()),
    stop: () => each((lanes) => lanes.stop()),
  }
}
