import type { Temporal } from 'temporal-polyfill'
import { ACTIONS, type Action, type RepeatableStep, type Scenario, type ScenarioStep } from '../format/scenario.ts'
import { type Mistake, type Path, suggestion } from './mistakes.ts'

/** One thing that happens at one moment; repetitions are written out. */
export interface Moment {
  at: Temporal.PlainDateTime
  /** Where the step stands in the file. */
  path: Path
  matter: string
  action: Action | null
  expect: NonNullable<ScenarioStep['expect']>
}

/** The steps in their order, repetitions written out; what makes no sense together is a mistake. */
export function planOf(scenario: Scenario): { moments: Moment[]; mistakes: Mistake[] } {
  const moments: Moment[] = []
  const mistakes: Mistake[] = []
  const known = { payments: new Set<string>(), invoices: new Set<string>() }
  let now: Temporal.PlainDateTime | undefined
  let matter = scenario.matters.length === 1 ? scenario.matters[0] : undefined

  function take(step: ScenarioStep, path: Path): void {
    const at = step.on ?? (step.after && now ? now.add(step.after) : now)
    if (!at) return void mistakes.push({ path, message: "the first step needs 'on': its day" })
    if (now && at.since(now).sign < 0) {
      const key = step.on ? 'on' : 'after'
      mistakes.push({ path: [...path, key], message: `this is before the step above it, which is at ${words(now)}` })
    }
    now = at
    const action = actionOf(step)
    matter = step.matter ?? matter
    mistakes.push(...strangers(step, path, scenario, known))
    if (matter === undefined) return void mistakes.push({ path, message: "'matter' is missing: there are several" })
    moments.push({ at, path, matter, action, expect: step.expect ?? {} })
  }

  function takeAll(step: RepeatableStep, path: Path): void {
    const { every, times = 1, steps, ...itself } = step
    take(itself, path)
    if (!every || !steps || !now) return
    // Each from the first, so that a month's last day stays it.
    const first = now
    for (let nth = 0; nth < times; nth += 1) {
      const begins = first.add({ [every.unit]: nth * every.length })
      if (begins.since(now).sign < 0) {
        mistakes.push({ path: [...path, 'steps'], message: 'one repetition ends after the next one begins' })
        return
      }
      now = begins
      for (const [i, inner] of steps.entries()) take(inner, [...path, 'steps', i])
    }
  }

  for (const [i, step] of scenario.steps.entries()) takeAll(step, ['steps', i])
  return {
    moments: moments.filter(({ action, expect }) => action || Object.keys(expect).length > 0),
    mistakes: once(mistakes),
  }
}

/** `2027-01-04 09:30` */
export const words = (at: Temporal.PlainDateTime): string => at.toString({ smallestUnit: 'minute' }).replace('T', ' ')

function actionOf(step: ScenarioStep): Action | null {
  const key = ACTIONS.find((each) => step[each] !== undefined)
  return key ? ({ key, given: step[key] } as Action) : null
}

/** Names that nothing bears. */
function strangers(
  step: ScenarioStep,
  path: Path,
  { matters }: Scenario,
  { payments, invoices }: { payments: Set<string>; invoices: Set<string> },
): Mistake[] {
  const mistakes: Mistake[] = []
  const isOneOf = (names: Iterable<string>, what: string, name: string | undefined, ...at: string[]) => {
    if (name !== undefined && ![...names].includes(name))
      mistakes.push({ path: [...path, ...at], message: `there is no ${what} '${name}'${suggestion(name, [...names])}` })
  }
  const payment = (name: string | undefined, ...at: string[]) => isOneOf(payments, 'payment called', name, ...at)
  const paid = step['client pays']
  if (paid && typeof paid === 'object' && paid.called) payments.add(paid.called)
  const invoice = step['record invoice']
  if (typeof invoice === 'object' && invoice.number) invoices.add(invoice.number)
  isOneOf(matters, 'matter', step.matter, 'matter')
  isOneOf(matters, 'matter', step.transfer?.to, 'transfer', 'to')
  for (const key of [
    'debit settles',
    'debit fails',
    'debit returns',
    'refund fails',
    'dispute is won',
    'dispute is lost',
  ] as const)
    payment(step[key], key)
  const disputed = step['client disputes']
  if (typeof disputed === 'object') payment(disputed.payment, 'client disputes', 'payment')
  else payment(disputed, 'client disputes')
  isOneOf(invoices, 'invoice numbered', step['apply retainer']?.invoice, 'apply retainer', 'invoice')
  for (const number of Object.keys(step.expect?.['paid of invoices'] ?? {}))
    isOneOf(invoices, 'invoice numbered', number, 'expect', 'paid of invoices', number)
  return mistakes
}

/** A mistake in a repetition is one, however often it is repeated. */
function once(mistakes: Mistake[]): Mistake[] {
  return [...new Map(mistakes.map((mistake) => [JSON.stringify([mistake.path, mistake.message]), mistake])).values()]
}
