import type { AttentionCode } from '../src/domain/state.ts'
import { builder } from './builder.ts'

export const AttentionCodeEnum = builder.enumType('AttentionCode', {
  description: 'Why a person should look.',
  values: {
    MAIL_BOUNCED: { description: 'A mail came back from its address (R12).' },
    MAIL_REFUSED: { description: 'The mail service refused a mail.' },
    MAIL_FATE_UNKNOWN: { description: 'It is not known whether a mail went out; it is not sent again by itself.' },
    PAYMENT_SESSION_FAILED: { description: 'The provider did not open a payment page (R14).' },
    SESSION_NOT_EXPIRED: { description: 'A payment page that should be closed may still be open (R10).' },
    UNAPPLIED_FUNDS: {
      description: 'A payment came that no open matter could take; it is in the firm’s unapplied funds (R15).',
    },
    PAYMENT_AFTER_REQUEST_ENDED: {
      description: 'A payment came that was not asked for any more; it was deposited (R15).',
    },
    REFUND_FAILED: { description: 'A refund was not made, or came back; the money is where it was before (R17).' },
    REFUND_FATE_UNKNOWN: {
      description: 'It is not known whether the provider was asked for a refund; the amount stays reserved (R17).',
    },
    REFUND_WAITS: {
      description:
        'The provider does not make a refund now; it is asked again by itself, the amount stays reserved (R17).',
    },
    REFUND_BY_OTHER_MEANS: { description: 'A part of a refund cannot go back online: a person must pay it (R17).' },
    REFUNDED_AT_PROVIDER: { description: 'A payment was refunded at the provider, past this system.' },
    PAYMENT_DISPUTED: { description: 'The client disputes a payment; the firm can answer until the deadline (R18).' },
    PAYMENT_REVERSED: { description: 'The provider took a payment’s money back (R18).' },
    BELOW_ZERO: { description: 'A reversal took the retainer below zero (R18).' },
    REVERSED_AFTER_CLOSING: {
      description: 'A payment was reversed after the matter was closed: the client owes it (R20).',
    },
  } satisfies Record<AttentionCode, object>,
})

export interface AttentionRow {
  code: AttentionCode
  subjectId: string
  since: Date
}

export const RetainerAttention = builder.objectRef<AttentionRow>('RetainerAttention').implement({
  description: 'Something a person should look at; the matter goes on meanwhile. `dismissAttention` clears it.',
  fields: (t) => ({
    code: t.field({ type: AttentionCodeEnum, description: 'Why.', resolve: ({ code }) => code }),
    subjectId: t.exposeString('subjectId', { description: 'The mail, payment or payment session it is about.' }),
    since: t.field({ type: 'DateTime', description: 'Since when.', resolve: ({ since }) => since }),
    message: t.string({
      description: 'What happened, for a person.',
      resolve: ({ code }, _args, context) => context.attentionWording(code).whatHappened,
    }),
    advice: t.string({
      description: 'What a person can do about it.',
      resolve: ({ code }, _args, context) => context.attentionWording(code).whatToDo,
    }),
  }),
})
