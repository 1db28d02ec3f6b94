import { performance } from 'node:perf_hooks'
import { toDecimalString } from '../../domain/money.ts'
import { inWords } from '../format/words.ts'
import type { Path } from '../reading/mistakes.ts'
import type { Moment } from '../reading/plan.ts'
import type { ReadScenario } from '../reading/read-scenario.ts'
import { createFirm, createMatter } from '../world/firm.ts'
import { Matter } from '../world/matter.ts'
import type { World } from '../world/world.ts'
import { Acts } from './acts.ts'
import { audit } from './audit.ts'
import { calendarFrom } from './calendar.ts'
import { differencesBetween } from './expected.ts'
import { actionInWords } from './in-words.ts'
import type { DecisionTold, MailTold, Told } from './timeline.ts'
import { ToldByBooks } from './told-by-books.ts'

export interface Audience {
  tell(told: Told): void
  /** How many of the steps are done. */
  progress?(done: number, all: number): void
}

/** One matter, and what the file has not looked at yet. */
interface Cast {
  name: string
  matter: Matter
  books: ToldByBooks
  unseen: { client: MailTold[]; firm: MailTold[]; decisions: DecisionTold[] }
}

/** Plays a scenario in a world and tells it as it goes. Gives the runs by which the histories of its matters are found. */
export async function play(
  { scenario, moments, source }: ReadScenario,
  world: World,
  { tell, progress }: Audience,
): Promise<{ workflowId: string; runId?: string }[]> {
  const began = performance.now()
  const { zone = 'America/New_York', currency = 'USD', ...settings } = scenario.firm
  const { owner } = world.database
  const firm = await createFirm(owner, {
    timeZone: zone,
    currency,
    reminderDays: settings['reminder days'],
    reminderHour: settings['reminder hour'],
    copiesTopUps: settings['copies of top-ups'],
  })
  await world.sandbox.behaves({ debitSettlesAfterMs: null })
  const [first] = moments
  if (!first) throw new Error('A scenario without steps cannot be played.')
  const calendar = calendarFrom(first.at, zone, await world.clock.read())
  const runs: { workflowId: string; runId?: string }[] = []
  const cast = new Map<string, Cast>()
  for (const name of scenario.matters) {
    const matterId = await createMatter(owner, firm, `Scenario of ${name}`)
    const matter = new Matter({ ...world, firmId: firm.firmId, matterId, currency, otherRuns: runs })
    const books = new ToldByBooks({ owner, matter, name, currency, calendar })
    cast.set(name, { name, matter, books, unseen: { client: [], firm: [], decisions: [] } })
  }
  const matters = new Map([...cast].map(([name, { matter }]) => [name, matter]))
  const acts = new Acts({ world, matters })
  const started = new Set<Cast>()
  let differences = 0

  function differs(at: string, matter: string | null, path: Path, what: string, expected: string, got: string): void {
    differences += 1
    tell({ kind: 'difference', at, matter, what, expected, got, ...source.place({ path }) })
  }

  /** What the books tell since, to be told after what set it off. */
  async function news(): Promise<Told[]> {
    const told = []
    for (const { books, unseen } of started) {
      const [decisions, mails] = await Promise.all([books.decisions(), books.mails()])
      unseen.decisions.push(...decisions)
      for (const mail of mails) unseen[mail.to].push(mail)
      told.push(...decisions, ...mails)
    }
    return told.toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))
  }

  /** Whether the scenario can go on. */
  async function playStep({ at, path, matter: name, action, expect }: Moment): Promise<boolean> {
    const member = cast.get(name)
    if (!member) throw new Error(`There is no matter '${name}'.`)
    const { matter, unseen } = member
    started.add(member)
    const atMs = calendar.instantOf(at)
    if (atMs > (await world.clock.read())) await world.until(atMs)
    for (const each of await news()) tell(each)

    const now = calendar.read(new Date(atMs))
    let refused: string | null = null
    try {
      const answer = action && (await acts.do(action, matter))
      if (answer && !answer.ok) refused = answer.refusal.code
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      differs(now, name, path, actionInWords({ action }), 'done', why)
      return false
    }
    const caused = await news()
    const row = await matter.row()
    const money = (minor: bigint) => toDecimalString(minor, currency)
    const figures = { balance: money(row.balance_minor), due: money(row.amount_due_minor), phase: inWords(row.phase) }
    const { line } = source.place({ path })
    const what = actionInWords({ action })
    tell({ kind: 'step', at: now, matter: name, what, ...(refused && { refused }), ...figures, line })
    for (const each of caused) tell(each)
    const found = differencesBetween(expect, {
      ...figures,
      refused,
      pending: money(row.pending_minor),
      received: money(row.received_toward_initial_minor),
      canCreateOnline: row.can_create_online,
      paidOfInvoices: expect['paid of invoices'] ? await paidOfInvoices(world, firm.firmId, money) : new Map(),
      attention: expect.attention ? await matter.attention() : [],
      mails: unseen,
      decisions: unseen.decisions,
    })
    for (const { key, expected, got } of found) {
      const [place = key] = key.split(': ')
      differs(now, name, [...path, 'expect', place], key, expected, got)
    }
    if (expect['mails to client']) unseen.client = []
    if (expect['mails to firm']) unseen.firm = []
    if (expect.decided) unseen.decisions = []
    return true
  }

  let done = 0
  for (const moment of moments) {
    if (!(await playStep(moment))) break
    done += 1
    progress?.(done, moments.length)
  }
  const end = calendar.read(new Date(await world.clock.read()))
  for (const { what, expected, got } of await audit(world, firm.firmId)) differs(end, null, [], what, expected, got)
  const seconds = Math.round((performance.now() - began) / 100) / 10
  tell({ kind: 'end', steps: done, differences, seconds })
  return [...[...started].map(({ matter }) => ({ workflowId: matter.workflowId })), ...runs]
}

async function paidOfInvoices(
  { database }: World,
  firmId: string,
  money: (minor: bigint) => string,
): Promise<Map<string, string>> {
  const rows = await database.owner
    .selectFrom('invoice')
    .select(['number', 'paid_minor'])
    .where('firm_id', '=', firmId)
    .execute()
  return new Map(rows.map(({ number, paid_minor }) => [number, money(paid_minor)]))
}
