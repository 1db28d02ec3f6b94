import { handleResendEvent } from './resend-events.ts'
import { claimRows, type InboxRow, tryAgainSoon } from './rows.ts'
import { handleStripeEvent, type StripeEventDependencies } from './stripe-events.ts'
import { handleTransfer } from './transfers.ts'

const HANDLERS = { stripe: handleStripeEvent, resend: handleResendEvent, books: handleTransfer } as const

export interface Dispatcher {
  /** Handles what is open now, until nothing is. */
  drain(): Promise<void>
}

/**
 * Brings events from the inbox to their matters. One that fails stays in the inbox and comes up again; the others
 * do not wait for it.
 */
export function inboxDispatcher(dependencies: StripeEventDependencies): Dispatcher {
  const { db, log } = dependencies

  async function handle(row: InboxRow): Promise<void> {
    try {
      await HANDLERS[row.source](dependencies, row)
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown'
      // Where the books are away as well, the row comes up again by itself, somewhat later.
      await tryAgainSoon(db, row).catch(() => undefined)
      log.warn({ inboxId: row.id, type: row.type, tries: row.tries, error: name }, 'provider event not handled yet')
    }
  }

  return {
    async drain() {
      for (let rows = await claimRows(db); rows.length > 0; rows = await claimRows(db)) {
        await Promise.all(rows.map(handle))
      }
    },
  }
}
