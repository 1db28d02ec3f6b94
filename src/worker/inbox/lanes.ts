import { bookedAccount } from '../../provider/account.ts'
import type { Claim, InboxRow } from './rows.ts'

interface LanesOptions {
  /** How many rows are handled at the same time. */
  count: number
  /** How many of them may be of one account: the others are left to the other accounts, also while this one hangs. */
  perAccount: number
  claim(wanted: Claim): Promise<InboxRow[]>
  /** Never rejects. */
  handle(row: InboxRow): Promise<void>
}

export interface Lanes {
  /** Begins what is due, as far as lanes are free; each that is free again takes the next by itself. */
  fill(): Promise<void>
  /** Begins no more, and waits for what is under way. */
  stop(): Promise<void>
}

/** Rows side by side, each in a lane of its own: one that takes long holds up no other. */
export function inLanes({ count, perAccount, claim, handle }: LanesOptions): Lanes {
  const underWay = new Map<InboxRow, Promise<void>>()
  let claiming: Promise<void> | undefined
  let moreWanted = false
  let stopped = false

  /** So few that, whosever they are, no account comes to hold more than its share. */
  function wanted(): Claim {
    const held = [...Map.groupBy(underWay.keys(), ({ account }) => bookedAccount(account))]
    const full = held.filter(([, rows]) => rows.length >= perAccount)
    const most = Math.max(0, ...held.map(([, rows]) => rows.length).filter((rows) => rows < perAccount))
    return {
      atMost: Math.min(count - underWay.size, perAccount - most),
      butAccounts: full.map(([account]) => account),
      butIds: [...underWay.keys()].map(({ id }) => id),
    }
  }

  async function claimDue(): Promise<void> {
    while (!stopped) {
      const want = wanted()
      if (want.atMost === 0) return
      const rows = await claim(want)
      for (const row of rows) begin(row)
      if (rows.length < want.atMost) return
    }
  }

  function begin(row: InboxRow): void {
    const handled = handle(row).then(() => {
      underWay.delete(row)
      // Where the books are away the next beat finds out, and says so.
      fill().catch(() => undefined)
    })
    underWay.set(row, handled)
  }

  /** One claim after the other, since each asks for what the last has left free; lanes that end meanwhile share the next. */
  function fill(): Promise<void> {
    moreWanted = true
    claiming ??= claimWhileWanted()
    return claiming
  }

  async function claimWhileWanted(): Promise<void> {
    try {
      do {
        moreWanted = false
        await claimDue()
      } while (moreWanted)
    } finally {
      claiming = undefined
    }
  }

  return {
    fill,
    async stop() {
      stopped = true
      await claiming?.catch(() => undefined)
      await Promise.all(underWay.values())
    },
  }
}
