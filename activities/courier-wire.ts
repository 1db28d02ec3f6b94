import type { EffectFailure, SentPart } from '../src/domain/events.ts'
import type { Effect } from '../src/domain/state.ts'
import type { Wire } from '../src/domain/wire.ts'

/** What came of an effect. Passing trouble is thrown, and tried again. */
export type EffectOutcome =
  | {
      outcome: 'done'
      /** The session that was opened; null when it was no longer wanted and none was made. */
      sessionId?: string | null
      refund?: Wire<SentRefund>
    }
  | { outcome: 'failed'; reason: EffectFailure }
  /** Trouble that has lasted so long that the firm should know; there is more trying to do. */
  | { outcome: 'waits' }

/** What became of each part of a refund, and what a person pays by other means (R17). */
export interface SentRefund {
  parts: SentPart[]
  otherMeansMinor: bigint
}

type EffectOf<Kind extends Effect['kind']> = Wire<Extract<Effect, { kind: Kind }>>

/** The side effects a matter plans, one activity per kind, each done once per effect id. */
export interface CourierActivities {
  sendMail(effect: EffectOf<'MAIL'>): Promise<EffectOutcome>
  openSession(effect: EffectOf<'OPEN_SESSION'>): Promise<EffectOutcome>
  expireSession(effect: EffectOf<'EXPIRE_SESSION'>): Promise<EffectOutcome>
  /** Told once that it waits, the firm knows, and only the end is answered. */
  sendRefund(effect: EffectOf<'REFUND'>, known: { firmKnows: boolean }): Promise<EffectOutcome>
}
