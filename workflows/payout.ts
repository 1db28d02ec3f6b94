import {
  allHandlersFinished,
  condition,
  patched,
  proxyActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow'
import type { BookedPayout, PayoutContent } from '../activities/books-wire.ts'
import type { PayoutActivities } from '../activities/payouts.ts'
import { isCurrencyCode, toDecimalString } from '../src/domain/money.ts'
import { type PayoutInput, payoutTold } from './books-contract.ts'
import { TASK_QUEUES } from './contract.ts'
import { tellFirms } from './tell-firms.ts'

const payments = proxyActivities<PayoutActivities>({
  taskQueue: TASK_QUEUES.payments,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

/** What a payout came to: what is in it, and the firms whose books have a share of it. */
type PayoutOutcome = Omit<BookedPayout, 'notices'>

/**
 * One payout of the provider: one deposit, gross of what it contains, and one withdrawal of its fees. Lives as long as there are
 * events about it, which it takes one after the other.
 */
export async function payout(input: PayoutInput): Promise<PayoutOutcome | null> {
  const told: string[] = []
  const description = 'Something happened to the payout: it is read again, and what is new is booked.'
  setHandler(
    payoutTold,
    (inboxId) => {
      // Each has the whole payout listed: what waits already is not queued again, while what is being worked on may have changed since.
      if (!told.includes(inboxId) || !patched('payout-told-once')) told.push(inboxId)
    },
    { description },
  )
  await condition(() => told.length > 0)
  let last: PayoutOutcome | null = null
  for (let inboxId = told.shift(); inboxId !== undefined; inboxId = told.shift()) {
    const summary = 'Read the payout at the provider and book it'
    const { notices, ...outcome } = await payments.bookPayoutOf.executeWithOptions({ summary }, [input, inboxId])
    last = outcome
    setCurrentDetails(details(input, outcome))
    await tellFirms(notices)
  }
  await condition(allHandlersFinished)
  return last
}

const STATUS: Record<PayoutContent['status'], string> = {
  PAID: 'paid to the bank',
  FAILED: 'did not reach the bank',
  UNKNOWN: 'did not reach the bank; what was in it is not known',
}

/** What an operator reads at the top of the workflow's page. */
function details({ payoutId, providerAccount }: PayoutInput, { content, ...outcome }: PayoutOutcome): string {
  const rows: [string, string][] = [['Account at the provider', providerAccount]]
  if (content) {
    const { currency } = content
    const money = (minor: string): string =>
      isCurrencyCode(currency)
        ? `${toDecimalString(BigInt(minor), currency)} ${currency}`
        : `${minor} (${currency}, minor)`
    rows.push(
      ['Status', `**${STATUS[content.status]}**`],
      ['Gross', money(content.grossMinor)],
      ['Fees', money(content.feesMinor)],
      ['Net', `**${money(content.netMinor)}**`],
      ['Lines', String(content.lines)],
    )
  }
  rows.push(
    ['Booked for firms', outcome.firmIds.join(', ') || 'none'],
    ['Lines of nobody', outcome.unplacedLines === 0 ? 'none' : `**${outcome.unplacedLines}**`],
  )
  return [
    `Payout ${payoutId}`,
    '',
    '| | |',
    '| --- | --- |',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
  ].join('\n')
}
