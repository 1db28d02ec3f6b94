import type Stripe from 'stripe'
import { onAccount } from '../src/provider/account.ts'
import { payoutFate } from '../src/provider/payout-fate.ts'
import type { PayoutInput } from '../workflows/books-contract.ts'
import { beating } from './beating.ts'
import type { BankedPayout, BookedPayout, PayoutContent, PayoutLine } from './books-wire.ts'
import { engineNowMs } from './effects.ts'
import type { LedgerActivities } from './ledger.ts'
import { manualLine, payoutLine } from './payout-lines.ts'
import { passingTrouble } from './stripe-calls.ts'

export interface PayoutDependencies {
  stripe: Stripe
  books: Pick<LedgerActivities, 'bookPayout'>
}

export type PayoutActivities = ReturnType<typeof payoutActivities>

/** Payouts of the provider, read whole and booked at once: a payout can have more lines than the engine carries. */
export function payoutActivities({ stripe, books }: PayoutDependencies) {
  return {
    bookPayoutOf: (input: PayoutInput, inboxId: string): Promise<BookedPayout> =>
      beating(async () => {
        const payout = await banked(stripe, input, inboxId)
        return { ...(await books.bookPayout(payout, engineNowMs())), content: contentOf(payout) }
      }),
  }
}

function contentOf({ status, currency, amountMinor, lines }: BankedPayout): PayoutContent {
  let grossMinor = 0n
  let feesMinor = 0n
  for (const line of lines) {
    feesMinor += BigInt(line.feeMinor)
    // A line that is itself a fee takes money: its amount is negative.
    if (line.kind === 'FEE') feesMinor -= BigInt(line.amountMinor)
    else grossMinor += BigInt(line.amountMinor)
  }
  const [gross, fees] = [String(grossMinor), String(feesMinor)]
  return { status, currency, grossMinor: gross, feesMinor: fees, netMinor: amountMinor, lines: lines.length }
}

async function banked(
  stripe: Stripe,
  { payoutId, providerAccount: account }: PayoutInput,
  inboxId: string,
): Promise<BankedPayout> {
  try {
    const expand = ['balance_transaction']
    const payout = await stripe.payouts.retrieve(payoutId, { expand }, onAccount(account))
    // The inbox tells only what has a fate, and what failed days ago.
    const status = payoutFate(payout) ?? 'UNKNOWN'
    return {
      account,
      payoutId,
      status,
      currency: payout.currency.toUpperCase(),
      amountMinor: String(payout.amount),
      arrivesAtMs: payout.arrival_date * 1000,
      lines: status === 'UNKNOWN' ? [] : await linesOf(stripe, account, payout),
      inboxId,
    }
  } catch (error) {
    throw passingTrouble(error)
  }
}

async function linesOf(stripe: Stripe, account: string, payout: Stripe.Payout): Promise<PayoutLine[]> {
  if (!payout.automatic) return [manualLine(payout)]
  const lines: PayoutLine[] = []
  const params = { payout: payout.id, limit: 100, expand: ['data.source'] }
  for await (const transaction of stripe.balanceTransactions.list(params, onAccount(account))) {
    const line = payoutLine(transaction, payout.id)
    if (line) lines.push(line)
  }
  return lines
}
