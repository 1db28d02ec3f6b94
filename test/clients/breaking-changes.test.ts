import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { buildSchema, printSchema } from 'graphql'
import { expect, test } from 'vitest'
import { undeclaredBreaks } from '../../schema/breaking.ts'

const released = printSchema(
  buildSchema(readFileSync(new URL('../../schema/released.graphql', import.meta.url), 'utf8')),
)

/** What the check says of the released schema with `before` changed to `after`. */
function said(before: string | RegExp, after: string, declared: object[] = []): string[] {
  const current = released.replace(before, after)
  expect(current, 'the schema is doctored').not.toBe(released)
  return undeclaredBreaks({ released, current, declared: JSON.stringify(declared) })
}

test('the schema breaks no client of the released one, but as declared', async () => {
  const script = new URL('../../schema/breaking.ts', import.meta.url)
  await expect(promisify(execFile)(process.execPath, [script.pathname])).resolves.toMatchObject({ stderr: '' })
})

test('a breaking change is named until it is declared with a reason', () => {
  const titleLess = [/(type Matter implements [^}]*)\n  title: String!/, '$1\n  heading: String!'] as const
  expect(said(...titleLess)).toEqual(['Breaks clients: Matter.title was removed.'])
  const declared = { change: 'Matter.title was removed.', reason: 'Matters have numbers.' }
  expect(said(...titleLess, [declared])).toEqual([])
  expect(() => said(...titleLess, [{ ...declared, reason: '' }])).toThrow(/reason/)
})

test.each([
  ['a field that may now be null', 'phase: RetainerPhase!', 'phase: RetainerPhase'],
  ['a new input that must be given', 'input CreateClientInput {', 'input CreateClientInput {\n  taxNumber: String!\n'],
  ['a refusal that is no longer in its union', ' | ReplenishmentOff | ', ' | '],
  ['an enum value that is gone', '  """Australian dollar; 2 digits."""\n  AUD\n', ''],
])('%s breaks clients', (_what, before, after) => {
  expect(said(before, after)).toEqual([expect.stringMatching(/^Breaks clients: /)])
})

test.each([
  ['a new field', 'type Matter implements Node {', 'type Matter implements Node {\n  subtitle: String\n'],
  ['a new optional input', 'input CreateClientInput {', 'input CreateClientInput {\n  taxNumber: String\n'],
  ['a new refusal', 'union CreateOnlineResult = ', 'union CreateOnlineResult = NoOpenRequest | '],
])('%s breaks nobody', (_what, before, after) => {
  expect(said(before, after)).toEqual([])
})

test('a declaration of what is not so any more is named, so that the list stays true', () => {
  const declared = JSON.stringify([{ change: 'Matter.title was removed.', reason: 'It is back.' }])
  expect(undeclaredBreaks({ released, current: released, declared })).toEqual([
    'Declared, but not so: Matter.title was removed.',
  ])
})
