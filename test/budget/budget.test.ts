import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import { budgetTable, playCycle } from './cycle.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

test('a cycle costs the engine the events and Actions that the README states', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const [, stated = ''] = /<!-- engine-budget -->\n+([^]*?)\n+<!-- \/engine-budget -->/.exec(readme) ?? []
  const steps = await playCycle(life)
  const counted = steps.map(({ name, breakdown }) => `${name}: ${breakdown}`).join('\n')
  expect(cells(budgetTable(steps)), counted).toEqual(cells(stated))
})

/** The table's words and numbers, however its columns are aligned. */
const cells = (table: string): string[][] =>
  table.split('\n').map((row) => row.split('|').map((cell) => cell.trim().replace(/-{3,}/, '---')))
