import type { AttemptStatus } from './plan.ts'
import type { OpenAttempt } from './state.ts'
import type { Turn } from './turn.ts'

/** How long a payment session can be paid; well above the provider's 30 minutes, so that a slow first call still makes it. */
export const SESSION_LIFETIME_MS = 2 * 60 * 60 * 1000

/**
 * Makes every session that a client could still pay unpayable. One whose making is under way is expired as soon as its id
 * is known, so a withdrawal that races with the opening of a payment leaves nothing behind (R10).
 */
export function closeAttempts(turn: Turn): void {
  for (const attempt of turn.state.attempts) {
    if (!attempt.wanted) continue
    recordAttempt(turn, attempt, 'SUPERSEDED')
    if (attempt.sessionId) expireSession(turn, attempt, attempt.sessionId)
  }
  turn.state.attempts = turn.state.attempts
    .filter((attempt) => attempt.sessionId === null)
    .map((attempt) => ({ ...attempt, wanted: false }))
}

/** Asks the provider to end a session; harmless when it has ended or was paid meanwhile. */
export function expireSession(turn: Turn, attempt: OpenAttempt, sessionId: string): void {
  turn.planEffect({ kind: 'EXPIRE_SESSION', attemptId: attempt.id, sessionId, expiresAtMs: attempt.expiresAtMs })
}

export function recordAttempt(turn: Turn, attempt: OpenAttempt, status: AttemptStatus): void {
  const { id, requestId, amountMinor, expiresAtMs } = attempt
  // One row an attempt: what is said of it last holds.
  turn.plan.attempts = turn.plan.attempts.filter((row) => row.id !== id)
  turn.plan.attempts.push({ id, requestId, amountMinor, status, expiresAtMs })
}

/** Forgets sessions that the provider has ended by the clock. */
export function forgetExpiredAttempts(turn: Turn): void {
  const isOver = (attempt: OpenAttempt) => attempt.sessionId !== null && attempt.expiresAtMs <= turn.atMs
  for (const attempt of turn.state.attempts) if (isOver(attempt)) recordAttempt(turn, attempt, 'SUPERSEDED')
  turn.state.attempts = turn.state.attempts.filter((attempt) => !isOver(attempt))
}
