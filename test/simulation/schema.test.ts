import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { scenarioSchema } from '../../src/simulation/format/scenario.ts'
import { scenariosIn } from '../scenarios/scenarios-in.ts'

const SCENARIOS = path.join(import.meta.dirname, '../scenarios')

test('the JSON Schema that editors read is what the format says (`npx vitest run test/simulation -u` writes it)', async () => {
  await expect(`${JSON.stringify(scenarioSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../src/simulation/scenario.schema.json',
  )
})

test('an editor that reads YAML’s numbers as numbers finds every scenario in order, and a misspelt key not', () => {
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(scenarioSchema())
  for (const [file, text] of [...scenariosIn(SCENARIOS), ...scenariosIn(path.join(SCENARIOS, 'long'))]) {
    validate(parse(text))
    expect(validate.errors ?? [], file).toEqual([])
  }
  expect(validate({ title: 'x', rules: [], steps: [{ on: '2027-01-04', 'client payz': 900 }] })).toBe(false)
})
