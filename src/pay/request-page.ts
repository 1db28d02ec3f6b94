import { randomUUID } from 'node:crypto'
import { chargeForAll, chargeLimits } from '../domain/money.ts'
import { formatMoney } from '../format-money.ts'
import { payPath } from './link.ts'
import type { PayableRequest, PayLink } from './link-request.ts'
import { nothingDuePage } from './views/message-pages.ts'
import type { Html } from './views/page.ts'
import { payPage } from './views/pay-page.ts'

interface LastTry {
  /** Why the last try went no further. */
  error?: { code: string; message: string } | undefined
  /** The amount of the last try as it was typed. */
  chosenAmount?: string | undefined
  /** Back from the provider's page without having paid. */
  cameBack?: boolean | undefined
}

const NOTHING_DUE = { OPEN: 'nothingDue', SATISFIED: 'paid', WITHDRAWN: 'withdrawn' } as const

/** The page of a request as it stands: what to pay, or that there is nothing to pay and why (R4, R8, R10, R13). */
export function requestPage(link: PayLink, request: PayableRequest, lastTry: LastTry = {}): Html {
  const { firmName, matterNumber, currency, dueMinor } = request
  if (dueMinor === 0n) {
    const covered = request.status === 'OPEN' && request.pendingMinor > 0n
    return nothingDuePage({ firmName, matterNumber, reason: covered ? 'onItsWay' : NOTHING_DUE[request.status] })
  }
  const money = (amountMinor: bigint): string => formatMoney(amountMinor, currency)
  const { smallestMinor, largestMinor } = chargeLimits(currency)
  const chargedMinor = chargeForAll(dueMinor, currency)
  return payPage({
    firmName,
    matterNumber,
    matterTitle: request.matterTitle,
    clientName: request.clientName,
    requestNumber: String(request.number),
    kind: request.kind,
    due: money(dueMinor),
    chargedForAll: chargedMinor === dueMinor ? undefined : money(chargedMinor),
    leavesRest: chargedMinor < dueMinor,
    received: request.receivedMinor > 0n ? money(request.receivedMinor) : undefined,
    pending: request.pendingMinor > 0n ? money(request.pendingMinor) : undefined,
    smallestPayment: money(smallestMinor),
    largestPayment: money(largestMinor),
    currencyCode: currency,
    actionUrl: payPath(link.token),
    attemptId: randomUUID(),
    ...lastTry,
  })
}
