import type { Fact } from '../events.ts'
import { expireSession, recordAttempt } from '../sessions.ts'
import type { Effect, MailTemplate } from '../state.ts'
import type { Turn } from '../turn.ts'

/** The provider's page exists: the client may go there, unless a withdrawal or a newer attempt came first (R10). */
export function sessionOpened(turn: Turn, fact: Extract<Fact, { kind: 'sessionOpened' }>): void {
  turn.dropEffect(fact.effectId)
  const attempt = turn.state.attempts.find((open) => open.id === fact.attemptId)
  if (!attempt) return
  if (attempt.wanted) {
    const opened = { ...attempt, sessionId: fact.sessionId }
    turn.state.attempts = turn.state.attempts.map((open) => (open === attempt ? opened : open))
    recordAttempt(turn, opened, 'OPEN')
    turn.clearAttention(({ code }) => code === 'PAYMENT_SESSION_FAILED')
  } else {
    turn.state.attempts = turn.state.attempts.filter((open) => open !== attempt)
    expireSession(turn, attempt, fact.sessionId)
    turn.explain('R10', 'SESSION_OPENED_TOO_LATE', { attemptId: attempt.id })
  }
}

/** The provider says that a session can no longer be paid. */
export function sessionEnded(turn: Turn, { attemptId }: Extract<Fact, { kind: 'sessionEnded' }>): void {
  const attempt = turn.state.attempts.find((open) => open.id === attemptId)
  if (!attempt) return
  turn.state.attempts = turn.state.attempts.filter((open) => open !== attempt)
  recordAttempt(turn, attempt, 'SUPERSEDED')
}

/** The courier gave up: the firm sees it, and the matter goes on. */
export function effectFailed(turn: Turn, { effectId, reason }: Extract<Fact, { kind: 'effectFailed' }>): void {
  const effect = turn.state.effects.find((open) => open.id === effectId)
  if (!effect) return
  turn.explain('R21', `EFFECT_${reason}`, { effectId, kind: effect.kind })
  if (effect.kind === 'REFUND') {
    // Money is reserved for it: a refund is never given up unseen, and the matter's next run carries it again.
    return turn.raiseAttention('REFUND_FATE_UNKNOWN', effect.refundId, { mailFirm: true })
  }
  turn.dropEffect(effectId)
  if (effect.kind === 'MAIL') {
    const code = reason === 'REFUSED' ? 'MAIL_REFUSED' : 'MAIL_FATE_UNKNOWN'
    // A mail to the firm that failed cannot be told to the firm by mail.
    turn.raiseAttention(code, effectId, { mailFirm: goesToClient(effect.template) })
  } else if (effect.kind === 'OPEN_SESSION') {
    failAttempt(turn, effect)
    turn.raiseAttention('PAYMENT_SESSION_FAILED', effect.attemptId, { mailFirm: true })
  } else {
    turn.raiseAttention('SESSION_NOT_EXPIRED', effect.attemptId, { mailFirm: true })
  }
}

/** A mail came back. The firm corrects the address and sends the request again (R12). */
export function mailBounced(turn: Turn, { mailId, recipient }: Extract<Fact, { kind: 'mailBounced' }>): void {
  turn.raiseAttention('MAIL_BOUNCED', mailId, { mailFirm: recipient === 'CLIENT' })
  turn.explain('R12', 'MAIL_BOUNCED', { mailId, recipient })
}

function failAttempt(turn: Turn, effect: Extract<Effect, { kind: 'OPEN_SESSION' }>): void {
  const attempt = turn.state.attempts.find((open) => open.id === effect.attemptId)
  if (!attempt) return
  turn.state.attempts = turn.state.attempts.filter((open) => open !== attempt)
  recordAttempt(turn, attempt, attempt.wanted ? 'FAILED' : 'SUPERSEDED')
}

const goesToClient = (template: MailTemplate): boolean =>
  template === 'REQUEST' || template === 'REMINDER' || template === 'RECEIPT' || template === 'REFUND_NOTICE'
