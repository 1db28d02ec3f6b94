import { isCurrencyCode } from '../../domain/money.ts'
import { type Scenario, scenarioIn } from '../format/scenario.ts'
import { mistakesOf } from './mistakes.ts'
import { type Moment, planOf } from './plan.ts'
import { type PlacedMistake, Source } from './source.ts'

/** A scenario that can be played. */
export interface ReadScenario {
  scenario: Scenario
  moments: Moment[]
  source: Source
}

/** Reads a scenario from the text of its file: either it can be played, or all its mistakes with their places. */
export function readScenario(text: string): ReadScenario | { mistakes: PlacedMistake[] } {
  const source = new Source(text)
  if (source.syntaxMistakes.length > 0) return { mistakes: source.syntaxMistakes }
  const { value } = source
  const parsed = scenarioIn(currencyOf(value)).safeParse(value, { reportInput: true })
  if (!parsed.success) return { mistakes: inOrder(source.placed(mistakesOf(parsed.error))) }
  const { moments, mistakes } = planOf(parsed.data)
  if (mistakes.length > 0) return { mistakes: inOrder(source.placed(mistakes)) }
  return { scenario: parsed.data, moments, source }
}

/** The amounts of a file have the digits of its currency, so that is looked at first. */
function currencyOf(value: unknown) {
  const { currency } = (value as { firm?: { currency?: unknown } } | null)?.firm ?? {}
  return typeof currency === 'string' && isCurrencyCode(currency) ? currency : 'USD'
}

const inOrder = (mistakes: PlacedMistake[]): PlacedMistake[] =>
  mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column)
