import { formatMoney } from '../format-money.ts'
import { formatInstant } from '../format-time.ts'
import type { Attempt, AttemptPayment } from './attempt.ts'
import { payPath } from './link.ts'
import type { PayableRequest, PayLink } from './link-request.ts'
import type { Html } from './views/page.ts'
import { thanksPage } from './views/thanks-page.ts'

/**
 * What the client sees after paying: the posting once it has happened, until then that it is coming (R12, R13); and that it was
 * taken back, should the client look again (R18).
 */
export function thanks(link: PayLink, request: PayableRequest, attempt: Attempt, payment: AttemptPayment | null): Html {
  const { firmName, currency, dueMinor, balanceMinor } = request
  const money = (amountMinor: bigint): string => formatMoney(amountMinor, currency)
  if (!payment) {
    const amount = money(attempt.amountMinor)
    // An attempt that was replaced and paid nevertheless is told apart only by its receipt: look again, but not forever at once.
    const refreshSeconds = attempt.status === 'OPEN' ? 2 : 15
    return thanksPage({ firmName, amount, state: 'posting', refreshSeconds })
  }
  const { paymentId: reference, arrivedAt, postedAt, takenBackMinor } = payment
  const amount = money(payment.amountMinor)
  if (!arrivedAt) return thanksPage({ firmName, amount, state: 'onItsWay', reference })
  if (!postedAt) return thanksPage({ firmName, amount, state: 'afterClosing', reference })
  return thanksPage({
    firmName,
    amount,
    state: takenBackMinor < payment.amountMinor ? 'posted' : 'takenBack',
    reference,
    takenBack: takenBackMinor > 0n ? money(takenBackMinor) : undefined,
    // As they stand now, both: a balance of then beside a due of now would not add up.
    balance: money(balanceMinor),
    postedAt: formatInstant(postedAt, request.timeZone),
    ...(dueMinor > 0n && { remaining: money(dueMinor), payAgainUrl: payPath(link.token) }),
  })
}
