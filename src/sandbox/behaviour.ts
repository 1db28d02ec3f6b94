import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'

const delayMs = z.int().nonnegative().nullable()

/**
 * How the sandbox behaves where Stripe takes its time or has a choice: read and changed at `/_control/behaviour`. It is kept
 * with everything else, so a restart changes nothing. A delay of null means: only when a control route says so.
 *
 * - `debitSettlesAfterMs`: bank debits settle (or fail, as the test account decides) that long after the client confirmed
 *   them; the account that comes back does so after the same time again.
 * - `feeDelayMs`: fees become known that much after the charge, told by `charge.updated`; 0 is at once.
 * - `refundSettlesAfterMs`: refunds that are not done at once are done, or fail, that much later.
 * - `nextRefunds`: what becomes of the next refunds, first come, first served. `short_of_balance`: pending with no balance
 *   transaction until it succeeds; `fails_later`: taken from the balance and failed later; `succeeds_later`: a card's refund
 *   that takes its time.
 * - `settlesIn`: by account ('' is the platform), the currency that its balance is kept in, with how many minor units of it one
 *   of the charge's is worth; an account that is not named keeps each currency as it comes.
 * - `disconnected`: accounts that the platform may no longer act for: every call on one is refused with 403.
 * - `withoutBalance`: accounts ('' is the platform) whose balance covers no refund now: none is made, and each that is asked for
 *   is refused as `balance_insufficient`, which its key remembers.
 */
const Behaviour = z.strictObject({
  debitSettlesAfterMs: delayMs.default(4000),
  feeDelayMs: delayMs.default(0),
  refundSettlesAfterMs: delayMs.default(4000),
  nextRefunds: z.array(z.enum(['short_of_balance', 'fails_later', 'succeeds_later'])).default([]),
  settlesIn: z
    .record(z.string(), z.strictObject({ currency: z.string().length(3), rate: z.number().positive() }))
    .default({}),
  disconnected: z.array(z.string()).default([]),
  withoutBalance: z.array(z.string()).default([]),
})

type BehaviourSettings = z.output<typeof Behaviour>
/** What a refund does after it was made. */
export type RefundFate = BehaviourSettings['nextRefunds'][number] | 'succeeds_at_once'

/** The settings of one sandbox. */
export interface BehaviourSwitches {
  current(): BehaviourSettings
  /** Changes the named settings and leaves the others. Throws a ZodError that names what is wrong. */
  change(input: unknown): void
  /** Back to how a new sandbox behaves. */
  reset(): void
  /** What `nextRefunds` says of the refund being made now; uses it up. */
  takeRefundFate(): RefundFate | undefined
}

/** Opens the settings in the given database. */
export function openBehaviour(db: DatabaseSync): BehaviourSwitches {
  db.exec('CREATE TABLE IF NOT EXISTS behaviour (id INTEGER PRIMARY KEY CHECK (id = 1), settings TEXT NOT NULL) STRICT')
  const read = db.prepare('SELECT settings FROM behaviour')
  const write = db.prepare('INSERT OR REPLACE INTO behaviour (id, settings) VALUES (1, ?)')
  const current = () => Behaviour.parse(JSON.parse(String(read.get()?.settings ?? '{}')))
  const save = (settings: BehaviourSettings) => void write.run(JSON.stringify(settings))
  return {
    current,
    change: (input) => save(Behaviour.parse({ ...current(), ...z.looseObject({}).parse(input) })),
    reset: () => save(Behaviour.parse({})),
    takeRefundFate() {
      const settings = current()
      const [fate, ...nextRefunds] = settings.nextRefunds
      if (fate !== undefined) save({ ...settings, nextRefunds })
      return fate
    },
  }
}
