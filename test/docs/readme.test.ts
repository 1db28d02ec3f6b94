import { existsSync, readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'

const fileOf = (name: string) => new URL(`../../${name}`, import.meta.url)
const read = (name: string) => readFileSync(fileOf(name), 'utf8')
const readme = read('README.md')
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text)

describe('what the README shows is so', () => {
  test('every GraphQL document is valid in the printed schema', () => {
    const schema = buildSchema(read('schema/schema.graphql'))
    const documents = blocks('graphql')
    expect(documents.length).toBeGreaterThan(2)
    for (const document of documents) expect(validate(schema, parse(document)), document).toEqual([])
  })

  test('it names every mutation there is', () => {
    const [, mutations = ''] = /^type Mutation {\n([^]*?)^}/m.exec(read('schema/schema.graphql')) ?? []
    const names = [...mutations.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => `\`${name}\``)
    expect(names.length).toBeGreaterThan(10)
    expect(names.filter((name) => !readme.includes(name))).toEqual([])
  })

  test('its lifecycle test is the one that runs', () => {
    expect(blocks('ts')).toEqual([read('test/docs/lifecycle-example.test.ts')])
  })

  test('the configuration table has every variable', () => {
    const sources = read('src/config-variables.ts') + read('src/stack/config.ts')
    const variables = new Set([...sources.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => `\`${name}\``))
    expect(variables.size).toBeGreaterThan(20)
    expect([...variables].filter((name) => !readme.includes(name))).toEqual([])
  })

  test('the files it links to exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link)
    expect(links.length).toBeGreaterThan(5)
    expect(links.filter((link) => !existsSync(fileOf(link)))).toEqual([])
  })
})

test('docs/rules.md has every rule that is cited, R1 to R21', () => {
  const rules = read('docs/rules.md')
  const numbers = Array.from({ length: 21 }, (_, index) => `**R${index + 1}**`)
  expect(numbers.filter((rule) => !rules.includes(rule))).toEqual([])
})
