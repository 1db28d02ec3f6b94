import { refusalTypes } from './refusal.ts'

/** Older code did not keep the moment. */
const momentOf = (sinceMs: number | undefined): Date | null => (sinceMs === undefined ? null : new Date(sinceMs))

/** What stands in the way on the matter itself. */
export const MATTER_REFUSALS = refusalTypes({
  RetainerNotEnabled: {
    description: 'The matter has not enabled its general retainer (R1, R3).',
    message: () => 'The retainer is not enabled on this matter. Enable it in the matter’s billing options first.',
  },
  GeneralRetainerNotTurnedOn: {
    description: 'The firm has the general retainer turned off in its practice settings (R1).',
    message: () => 'Your firm has general retainers turned off. An admin can turn them on in the practice settings.',
  },
  MatterClosing: {
    description: 'The matter is closing: its retainer can be used up, nothing more is asked for (R20).',
    message: () =>
      'The matter is closing. Its retainer can still be used up, but nothing more can be asked for or changed.',
    facts: (t) => ({
      closingSince: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when it is closing; null where that was not kept.',
        resolve: ({ refusal }) => momentOf(refusal.sinceMs),
      }),
    }),
  },
  MatterClosed: {
    description: 'The matter is closed (R20).',
    message: () => 'The matter is closed; its retainer takes no more commands.',
    facts: (t) => ({
      closedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when it is closed; null where that was not kept.',
        resolve: ({ refusal }) => momentOf(refusal.sinceMs),
      }),
    }),
  },
  IdempotencyKeyReused: {
    description: 'The firm has used this idempotency key for something else. Nothing was done.',
    message: () => 'This idempotency key was used for something else before. Use a new key for a new command.',
  },
})
