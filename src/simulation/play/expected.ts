import { isDeepStrictEqual } from 'node:util'
import type { Expectations, ExpectedMail } from '../format/expectations.ts'
import { inWords } from '../format/words.ts'
import type { DecisionTold, MailTold } from './timeline.ts'

/** How a matter stands after a step, and what has happened since the file last looked. */
export interface Standing {
  refused: string | null
  balance: string
  due: string
  pending: string
  received: string
  phase: string
  canCreateOnline: boolean
  /** By number. */
  paidOfInvoices: Map<string, string>
  attention: string[]
  mails: { client: MailTold[]; firm: MailTold[] }
  decisions: DecisionTold[]
}

export interface Difference {
  /** The expectation's key. */
  key: string
  expected: string
  got: string
}

/** What stands otherwise than expected. */
export function differencesBetween(expected: Expectations, standing: Standing): Difference[] {
  const differences: Difference[] = []
  const differs = (key: string, wanted: string, got: string) => differences.push({ key, expected: wanted, got })
  const same = (key: string, wanted: string | undefined, got: string) => {
    if (wanted !== undefined && wanted !== got) differs(key, wanted, got)
  }
  same('refused', expected.refused ?? 'not refused', standing.refused ?? 'not refused')
  same('balance', expected.balance, standing.balance)
  same('due', expected.due, standing.due)
  same('pending', expected.pending, standing.pending)
  same('received toward initial', expected['received toward initial'], standing.received)
  same('phase', expected.phase, standing.phase)
  const online = expected['can create online']
  same('can create online', online === undefined ? undefined : yesNo(online), yesNo(standing.canCreateOnline))
  for (const [number, paid] of Object.entries(expected['paid of invoices'] ?? {}))
    same(`paid of invoices: ${number}`, paid, standing.paidOfInvoices.get(number) ?? 'no such invoice')
  const attention = expected.attention?.map(inWords).toSorted()
  same('attention', attention && listed(attention), listed(standing.attention.map(inWords).toSorted()))
  for (const to of ['client', 'firm'] as const) {
    const wanted = expected[`mails to ${to}`]
    if (wanted === undefined) continue
    const got = standing.mails[to]
    if (Array.isArray(wanted)) {
      const asWanted = wanted.length === got.length && wanted.every((mail, i) => isThe(mail, got[i]))
      if (!asWanted) differs(`mails to ${to}`, listed(wanted.map(spelt)), listed(got.map(sent)))
    } else {
      const counted = countedBy(got)
      if (!isDeepStrictEqual({ ...wanted }, counted)) differs(`mails to ${to}`, counts(wanted), counts(counted))
    }
  }
  const decided = new Set(standing.decisions.map(({ code }) => inWords(code)))
  for (const wanted of expected.decided ?? [])
    if (!decided.has(inWords(wanted))) differs('decided', wanted, listed([...decided]))
  return differences
}

const yesNo = (is: boolean): string => (is ? 'yes' : 'no')
const listed = (words: string[]): string => (words.length === 0 ? 'none' : words.join(', '))
const counts = (of: Partial<Record<string, number>>): string =>
  listed(Object.entries(of).map(([mail, count]) => `${mail}: ${count}`))

function countedBy(mails: MailTold[]): Record<string, number> {
  const counted: Record<string, number> = {}
  for (const { mail } of mails) counted[mail] = (counted[mail] ?? 0) + 1
  return counted
}

function isThe({ mail, amount, day, time }: ExpectedMail, got: MailTold | undefined): boolean {
  if (got?.mail !== mail) return false
  const at = [day, time].filter(Boolean).join(' ')
  return (amount === undefined || amount === got.amount) && got.at.startsWith(at)
}

const spelt = ({ mail, amount, day, time }: ExpectedMail): string =>
  [mail, amount && `for ${amount}`, day && `on ${day}`, time].filter(Boolean).join(' ')

const sent = ({ mail, amount, at }: MailTold): string => `${mail}${amount === null ? '' : ` for ${amount}`} on ${at}`
