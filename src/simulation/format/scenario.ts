import { z } from 'zod'
import { CURRENCY_CODES, type CurrencyCode } from '../../domain/money.ts'
import { actionsIn } from './actions.ts'
import { expectationsIn } from './expectations.ts'
import { count, duration, hour, interval, moment, name, timeZone, yesOrNo } from './values.ts'

/** Any currency's actions have the same keys. */
export const ACTIONS = Object.keys(actionsIn('USD')) as ActionKey[]

/** The form of a scenario whose firm keeps its books in `currency`; the one source of the types and of the JSON Schema. */
export function scenarioIn(currency: CurrencyCode) {
  const fields = {
    on: moment.optional(),
    after: duration.optional(),
    matter: name.meta({ description: 'Whose step this and those below it are, where there are several' }).optional(),
    ...z.strictObject(actionsIn(currency)).partial().shape,
    expect: expectationsIn(currency).optional(),
  }
  const step = z.strictObject(fields).superRefine(oneThing)
  const repeatable = z
    .strictObject({
      ...fields,
      every: interval.optional(),
      times: count.optional(),
      steps: z.array(step).min(1).meta({ description: 'The steps of one repetition' }).optional(),
    })
    .meta({ dependentRequired: { every: ['times', 'steps'], times: ['every'], steps: ['every'] } })
    .superRefine(oneThing)
  return z.strictObject({
    title: name,
    rules: z
      .array(z.string().regex(/^R\d+$/, { error: ({ input }) => `'${String(input)}' is no rule, such as R5` }))
      .meta({ description: 'Rules it shows' }),
    firm: z
      .strictObject({
        zone: timeZone.optional(),
        currency: z.enum(CURRENCY_CODES).optional(),
        'reminder days': z.array(count).optional(),
        'reminder hour': hour.optional(),
        'copies of top-ups': yesOrNo.optional(),
      })
      .default({}),
    matters: z.array(name).min(1).default(['Matter']).meta({ description: 'Their names; one is enough if left out' }),
    steps: z.array(repeatable).min(1),
  })
}

const REPETITION = ['every', 'times', 'steps']

/** A step does one thing at most, and something; a repetition is whole and does nothing beside its steps. */
function oneThing(step: Record<string, unknown>, context: z.core.$RefinementCtx): void {
  const given = Object.keys(step).filter((key) => step[key] !== undefined)
  const actions = given.filter((key) => ACTIONS.includes(key as ActionKey))
  const mistake = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', message, path })
  const repeated = given.filter((key) => REPETITION.includes(key))
  if (repeated.length > 0) {
    for (const key of REPETITION)
      if (!repeated.includes(key)) mistake(`'${key}' is missing: a repetition has ${REPETITION.join(', ')}`)
    for (const key of [...actions, 'expect'].filter((key) => given.includes(key)))
      mistake(`'${key}' belongs into the repetition’s steps`, key)
  }
  for (const key of actions.slice(1)) mistake(`'${key}' is a second thing to do; it needs a step of its own`, key)
  if (given.includes('on') && given.includes('after'))
    mistake("'after' says again when this is; leave it or 'on' out", 'after')
  if (given.length === 0) mistake('the step is empty')
}

/** The form as a JSON Schema, for editors: `scenario.schema.json` is this. */
export const scenarioSchema = () => z.toJSONSchema(scenarioIn('USD'), { io: 'input' })

export type Scenario = z.output<ReturnType<typeof scenarioIn>>
export type RepeatableStep = Scenario['steps'][number]
export type ScenarioStep = NonNullable<RepeatableStep['steps']>[number]
export type ActionKey = keyof ReturnType<typeof actionsIn>
/** One action: its key and what it was given. */
export type Action = { [Key in ActionKey]: { key: Key; given: NonNullable<ScenarioStep[Key]> | null } }[ActionKey]
