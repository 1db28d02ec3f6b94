import type { AttentionCode } from './state.ts'

/** What concerns the firm and none of its matters: raised by the books themselves. */
type FirmAttentionCode =
  | 'PAYOUT_FAILED'
  | 'PAYOUT_DIFFERS'
  | 'PAYOUT_CURRENCY'
  | 'PAYOUT_UNKNOWN'
  | 'ACCOUNT_UNREACHABLE'
  | 'RECONCILIATION_DIFFERENCE'
  | 'RECONCILIATION_FAILED'

interface Wording {
  /** Ends the subject line and heads the mail. */
  title: string
  whatHappened: string
  whatToDo: string
  /** Whoever runs this system needs the code itself. */
  needsCode?: true
}

const MONEY_IS_SAFE = 'The money is safe and recorded in the books.'

const WORDINGS: ReadonlyMap<string, Wording> = new Map(
  Object.entries({
    MAIL_BOUNCED: {
      title: 'A message to the client could not be delivered',
      whatHappened: 'The client’s mail server returned our message, so the client has probably not seen it.',
      whatToDo: 'Correct the client’s email address. An open request can then be sent to the new address.',
    },
    MAIL_FATE_UNKNOWN: {
      title: 'A message may not have reached the client',
      whatHappened:
        'The mail service did not confirm that it took a message for the client. It will not be sent again by itself, so that the client does not receive it twice.',
      whatToDo:
        'Ask the client whether the message arrived. If it did not and it asked for a payment, choose Create online to send the request again.',
    },
    MAIL_REFUSED: {
      title: 'A message to the client was not sent',
      whatHappened: 'The mail service refused a message for the client, and trying again would not help.',
      whatToDo:
        'Check the client’s email address and your firm’s sender address. If the message asked for a payment, then choose Create online to send the request again.',
    },
    PAYMENT_SESSION_FAILED: {
      title: 'A client could not reach the payment page',
      whatHappened:
        'The client chose to pay, but the payment provider did not open its page. This attempt charged nothing.',
      whatToDo:
        'The client’s payment link still works, so the client can try again. If that fails too, check that your payment account can accept payments.',
    },
    SESSION_NOT_EXPIRED: {
      title: 'A canceled payment page may still be open',
      whatHappened: 'The payment provider did not confirm that a payment page we no longer want is closed.',
      whatToDo:
        'Nothing needs to be done unless the client pays there. Such a payment is deposited on the matter, and you can refund it.',
    },
    PAYMENT_AFTER_REQUEST_ENDED: {
      title: 'A payment arrived that was no longer requested',
      whatHappened: `A client paid after the request was withdrawn or the retainer was turned off. ${MONEY_IS_SAFE} It was deposited on the matter.`,
      whatToDo: 'Keep it for fees on this matter, or refund it to the client.',
    },
    UNAPPLIED_FUNDS: {
      title: 'A payment belongs to no open matter',
      whatHappened: `Money arrived, or came back from a refund that failed, and no open matter could take it. ${MONEY_IS_SAFE} If its matter is closed and payments there had been reversed, it pays what the client owed for them; the rest is held in your firm’s unapplied funds.`,
      whatToDo: 'Assign what is held to a matter of the client who paid, or refund it.',
    },
    REFUND_FAILED: {
      title: 'A refund did not reach the client',
      whatHappened:
        'The payment provider did not make a refund, or the client’s bank returned it. The money is back where the refund took it from: the matter’s retainer or, where no open matter has it, what the client owed and your firm’s unapplied funds.',
      whatToDo: 'Ask the client how to return the money, then refund it again or pay it another way.',
    },
    REFUND_FATE_UNKNOWN: {
      title: 'A refund could not be confirmed',
      whatHappened:
        'A refund was commanded, but it is not known whether the payment provider was asked for it. Its amount stays reserved, so that it cannot be spent or refunded twice.',
      whatToDo:
        'Look in your payment account whether the refund was made, and give the reference below to whoever runs this system. Do not refund the amount there yourself.',
    },
    REFUND_WAITS: {
      title: 'A refund is waiting',
      whatHappened:
        'The payment provider does not make a refund at the moment, for example because your payment account has too little balance or can no longer be reached. Its amount stays reserved, and the provider is asked again by itself.',
      whatToDo:
        'Check the balance of your payment account and that it is still connected. Do not refund the amount there yourself, or the client may receive it twice.',
    },
    REFUND_BY_OTHER_MEANS: {
      title: 'Part of a refund must be paid by you',
      whatHappened:
        'Some of a refund cannot be sent back to the payment it came from, for example because that was a check. It is already recorded as paid from your operating account.',
      whatToDo: 'Pay this part to the client by check or bank transfer.',
    },
    REFUNDED_AT_PROVIDER: {
      title: 'A payment was refunded outside this system',
      whatHappened:
        'A refund was made directly in your payment account. It was taken from the matter’s retainer or, once the matter is closed, from your firm’s unapplied funds; what was no longer there, the client owes.',
      whatToDo:
        'Check that the matter’s balance is what you expect. Make the next refund here, where it cannot exceed the unused money.',
    },
    PAYMENT_DISPUTED: {
      title: 'A client disputes a payment',
      whatHappened:
        'The client asked the bank about a payment, or to take it back. Until this is decided, the payment cannot be refunded here. This message says by when you can answer.',
      whatToDo:
        'Answer in your payment account before the deadline, with the engagement letter and the invoices as evidence, or accept the dispute there.',
    },
    PAYMENT_REVERSED: {
      title: 'A payment was taken back',
      whatHappened:
        'The bank took back a payment because of a dispute, or returned a bank debit that had already settled. The amount was taken from where the payment was recorded and no longer counts as received.',
      whatToDo:
        'Check the matter’s balance. If the payment was disputed and you win, the amount is restored by itself; if not, agree with the client on how to pay it.',
    },
    REVERSED_AFTER_CLOSING: {
      title: 'A payment of a closed matter was taken back',
      whatHappened:
        'The bank took back a payment after its matter was closed. What was no longer in your firm’s unapplied funds is recorded as owed by the client.',
      whatToDo:
        'Collect the amount from the client. A payment that still arrives for the closed matter pays it first, and a check or bank transfer can be recorded there.',
    },
    BELOW_ZERO: {
      title: 'A retainer is below zero',
      whatHappened:
        'A payment was taken back or refunded outside this system after it had been used, so the retainer of this matter is now below zero.',
      whatToDo:
        'Review the matter before doing more work, and agree with the client on how the missing amount will be paid.',
    },
    PAYOUT_FAILED: {
      title: 'A payout to your bank account failed',
      whatHappened:
        'Your bank returned a payout of the payment provider. The money is at the provider again, and is recorded so.',
      whatToDo: 'Correct the bank account in your payment account. The provider then pays out again by itself.',
    },
    PAYOUT_DIFFERS: {
      title: 'A payout is not what its parts add up to',
      whatHappened:
        'The amount that the payment provider paid out is not the sum of the transactions it lists for it. The books hold the listed transactions.',
      whatToDo:
        'Compare the payout in your payment account with its lines here, and give the reference below to whoever runs this system.',
    },
    PAYOUT_CURRENCY: {
      title: 'A payout is in another currency than your books',
      whatHappened:
        'The payment provider paid out in a currency that is not the one your firm’s books are kept in, so the payout is not booked. Your clients’ money is recorded as before.',
      whatToDo:
        'Have your payment account settle and pay out in the currency of your books. Enter this payout in your own accounts by hand, and give the reference below to whoever runs this system.',
    },
    PAYOUT_UNKNOWN: {
      title: 'A payout cannot be read',
      whatHappened:
        'A payout failed, and the payment provider no longer tells what was in it. It is not booked, and the money is at the provider as before.',
      whatToDo:
        'Compare the balance of your payment account with the books, and give the reference below to whoever runs this system.',
    },
    ACCOUNT_UNREACHABLE: {
      title: 'Your payment account can no longer be reached',
      whatHappened:
        'The payment provider refuses us access to your payment account. What happens there, such as payments, refunds and payouts, does not reach the books until access is back.',
      whatToDo: 'Connect the payment account again. What happened meanwhile is then taken in by itself.',
    },
    RECONCILIATION_FAILED: {
      title: 'A comparison of the books could not be finished',
      whatHappened:
        'The comparison of the books with the running matters and the payment provider stopped before its end, so it says nothing about whether they agree.',
      whatToDo: 'Start it again. If it does not finish either, give the reference below to whoever runs this system.',
    },
    RECONCILIATION_DIFFERENCE: {
      title: 'A comparison of the books found differences',
      whatHappened:
        'The books were compared with themselves, with the running matters and with the payment provider, and not all of it agrees. Nothing was changed.',
      whatToDo:
        'Look at the list of differences of this reconciliation, and settle each with whoever runs this system.',
    },
    COMMIT_REJECTED: {
      title: 'A change could not be recorded',
      whatHappened:
        'The books refused a change to this matter, so that change was not made. Earlier entries are unaffected.',
      whatToDo:
        'Compare the matter’s transactions with what you expected to see, and give the code below to whoever runs this system.',
      needsCode: true,
    },
  } satisfies Record<AttentionCode | FirmAttentionCode | 'COMMIT_REJECTED', Wording>),
)

const GENERAL: Wording = {
  title: 'A step could not be finished',
  whatHappened: 'The retainer automation could not finish a step by itself.',
  whatToDo: 'Look at the most recent decisions for this matter, and give the code below to whoever runs this system.',
  needsCode: true,
}

/**
 * The sentences for an attention code: what happened, and what a person can do about it (R15, R18). A code without
 * wording of its own gets the general one.
 */
export function attentionWording(code: string): Wording {
  return WORDINGS.get(code) ?? GENERAL
}
