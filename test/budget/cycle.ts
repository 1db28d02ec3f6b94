import { historiesOf } from '../support/histories.ts'
import type { Lifecycle } from '../support/lifecycle.ts'
import { type Cost, costOf } from './cost.ts'

interface Step extends Cost {
  name: string
}

/** One cycle of a matter, as its firm and client live it, with what each step cost the engine. */
export async function playCycle(life: Lifecycle): Promise<Step[]> {
  const matter = await life.matter()
  const steps: Step[] = []
  let seen = 0

  async function step(name: string, act: () => Promise<unknown>): Promise<void> {
    await act()
    await matter.rests()
    const [run] = await historiesOf(life.engine.client, [matter])
    const events = run?.history.events ?? []
    steps.push({ name, ...costOf(events.slice(seen)) })
    seen = events.length
  }
  const pays = async (amount: string) => {
    await matter.paysOnline(amount)
    await life.news.deliver()
  }

  await step('Options saved, for the first time', () =>
    matter.save({ initial: '1000.00', topUp: ['1000.00', '200.00'] }),
  )
  await step('Request sent', () => matter.createOnline())
  await step('Part paid online', () => pays('900.00'))
  // At the firm's hour on the seventh day, whichever hour it is now.
  await step('Reminder', () => life.days(8))
  await step('Remainder paid online', () => pays('100.00'))
  await step('Invoice paid from the retainer, and a top-up requested', () => matter.invoice('900.00'))
  await step('Top-up paid online', () => pays('900.00'))
  return steps
}

/** As the README shows it. */
export function budgetTable(steps: Step[]): string {
  const row = (name: string, events: number, actions: number) => `| ${name} | ${events} | ${actions} |`
  const sum = (pick: (step: Step) => number) => steps.reduce((total, step) => total + pick(step), 0)
  return [
    '| Step | Events | Actions |',
    '| --- | ---: | ---: |',
    ...steps.map(({ name, events, actions }) => row(name, events, actions)),
    row(
      '**The cycle**',
      sum(({ events }) => events),
      sum(({ actions }) => actions),
    ),
  ].join('\n')
}
