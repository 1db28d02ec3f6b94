import { z } from 'zod'
import { sentenceOf } from '../src/domain/explain.ts'
import { type CurrencyCode, toDecimalString } from '../src/domain/money.ts'
import type { DecisionInput } from '../src/domain/state.ts'
import { builder } from './builder.ts'
import { Money, money } from './money.ts'
import type { Cursor } from './paging.ts'
import type { decisionsOfVersions } from './reads/decisions.ts'

export type DecisionRow = Awaited<ReturnType<typeof decisionsOfVersions>>[number]

interface Input {
  name: string
  value: DecisionInput
  currency: CurrencyCode
}

const DecisionInputType = builder.objectRef<Input>('DecisionInput').implement({
  description: 'One of the facts a decision was made on.',
  fields: (t) => ({
    name: t.string({
      description: 'What it is: `balance`, `trigger`, `requestNumber`.',
      resolve: ({ name }) => name.replace(/Minor$/, ''),
    }),
    value: t.string({
      nullable: true,
      description: 'As text: an amount in major units, an id, a count, `true` or `false`.',
      resolve: ({ name, value, currency }) =>
        isAmount(name, value) ? toDecimalString(BigInt(value), currency) : value === null ? null : String(value),
    }),
    money: t.field({
      type: Money,
      nullable: true,
      description: 'The same as an amount, where it is one.',
      resolve: ({ name, value, currency }) => (isAmount(name, value) ? money(BigInt(value), currency) : null),
    }),
  }),
})

const isAmount = (name: string, value: DecisionInput): value is string =>
  name.endsWith('Minor') && typeof value === 'string'

export const RetainerDecision = builder.objectRef<DecisionRow>('RetainerDecision').implement({
  description: 'Why something was, or was not, done (R21).',
  fields: (t) => ({
    sequence: t.int({
      description: 'The event it belongs to: `RetainerEvent.sequence`.',
      resolve: ({ version }) => Number(version),
    }),
    at: t.field({ type: 'DateTime', description: 'When it was decided.', resolve: ({ at }) => at }),
    rule: t.exposeString('rule', { description: 'The rule that decided: `R7`.' }),
    code: t.exposeString('code', { description: 'What was decided: `TOP_UP_SENT`.' }),
    sentence: t.string({
      description: 'The same as a sentence for a person.',
      resolve: (row) => sentenceOf(row, row.currency as CurrencyCode),
    }),
    inputs: t.field({
      type: [DecisionInputType],
      description: 'The facts it was made on.',
      resolve: ({ inputs, currency }) =>
        Object.entries(inputs).map(([name, value]) => ({ name, value, currency: currency as CurrencyCode })),
    }),
  }),
})

export const RetainerDecisionConnection = builder.connectionObject(
  { type: RetainerDecision, name: 'RetainerDecisionConnection', description: 'A page of decisions.' },
  { name: 'RetainerDecisionEdge', description: 'A decision and its place in the list.' },
)

export const decisionCursor: Cursor<DecisionRow, [version: number, line: number]> = {
  shape: z.tuple([z.int(), z.int32()]),
  of: (row) => [Number(row.version), row.line],
}
