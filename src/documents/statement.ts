import { formatMoney } from '../format-money.ts'
import { formatDate, formatInstant, isoDay } from '../format-time.ts'
import type { PrintableStatement } from './read-statement.ts'
import { totalsOf } from './totals.ts'
import type { Html } from './views/document.ts'
import { statementPage } from './views/statement-page.ts'
import { wordsFor } from './words.ts'

/** The printed statement of `days`, or of a closed matter's whole life (R20). */
export function printedStatement(found: PrintableStatement, days: { from: string; to: string } | null): Html {
  const { currency, lines, references } = found
  const money = (minor: bigint): string => formatMoney(minor, currency)
  const now = new Date()
  const today = isoDay(now, found.timeZone)
  const isOver = days === null || days.to < today
  const from = days?.from ?? lines[0]?.day
  // What has not been yet closes nothing.
  const to = isOver ? (days?.to ?? lines.at(-1)?.day) : today
  return statementPage({
    firmName: found.firmName,
    clientName: found.clientName,
    matterNumber: found.matterNumber,
    matterTitle: found.matterTitle,
    final: days === null,
    from: from && formatDate(from),
    to: to && formatDate(to),
    isOver,
    printedOn: formatInstant(now, found.timeZone),
    opening: money(found.openingMinor),
    closing: money(found.closingMinor),
    lines: lines.map(({ postingId, kind, day, amountMinor, balanceMinor }) => ({
      day: formatDate(day),
      what: wordsFor(kind, amountMinor),
      reference: references.get(postingId),
      ...(amountMinor < 0n ? { paid: money(-amountMinor) } : { received: money(amountMinor) }),
      balance: money(balanceMinor),
    })),
    totals: totalsOf(lines).map(({ kind, amountMinor, count }) => ({
      what: wordsFor(kind, amountMinor),
      count,
      amount: money(amountMinor),
    })),
  })
}
