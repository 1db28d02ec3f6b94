import type { Action } from '../format/scenario.ts'
import type { Moment } from '../reading/plan.ts'

/** An amount that a scenario leaves to what there is. */
const ALL = 'all'

/** What a step does, as the timeline says it. */
export function actionInWords({ action }: Pick<Moment, 'action'>): string {
  if (!action) return ''
  const given = givenInWords(action)
  return action.key === 'do' ? given : `${action.key}${given && `: ${given}`}`
}

function givenInWords({ given }: Action): string {
  if (given === null) return ALL
  if (typeof given !== 'object') return given
  return Object.entries<Spelt | undefined>(given)
    .flatMap(([key, value]): [string, Spelt][] => (value === undefined ? [] : [[key, value]]))
    .map(([key, value]) => (key === 'amount' ? (value === null ? ALL : spelt(value)) : `${key} ${spelt(value)}`))
    .join(', ')
}

/** `given` after reading: null is an option that is off or empty. */
function spelt(value: Spelt): string {
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${inner}`)
    .join(', ')
}

type Spelt = string | boolean | null | Record<string, string>
