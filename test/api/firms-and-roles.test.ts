import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFirm, type TestFirm } from '../support/firm.ts'
import { everything } from './everything.ts'
import { REFUSING_UNIONS } from './printed-schema.ts'
import { type Api, globalId, startApi, usd } from './support.ts'

let api: Api
let stranger: TestFirm
/** Global ids of one thing of each kind, all of the api's firm. */
let ids: Record<string, string>
/** An input of every mutation that names what exists, by the mutation. */
let inputs: Record<string, object>

beforeAll(async () => {
  api = await startApi()
  stranger = await createFirm(api.database.owner)
  ;({ ids, inputs } = await everything(api))
})
afterAll(() => api.close())

const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }'

test('everything with an id can be asked for again by it', async () => {
  for (const [type, id] of Object.entries(ids)) {
    expect(await api.data(NODE, { id }), type).toEqual({ node: { __typename: type, id } })
  }
})

test('another firm’s things, and things that never were, are null', async () => {
  for (const [type, id] of Object.entries(ids)) {
    expect(await api.data(NODE, { id }, { firm: stranger }), type).toEqual({ node: null })
  }
  for (const type of [...Object.keys(ids), 'Money', 'Query', 'Nothing']) {
    for (const id of [randomUUID(), 'x', '1.1', '\0', "'", '🙃']) {
      expect(await api.data(NODE, { id: globalId(type, id) }), `${type}:${id}`).toEqual({ node: null })
    }
  }
  const { matter, matters } = await api.data(
    'query ($id: ID!) { matter(id: $id) { id } matters { nodes { id } } }',
    { id: ids['Matter'] },
    { firm: stranger },
  )
  expect([matter, matters.nodes]).toEqual([null, []])
})

test('a command about another firm’s things is NOT_FOUND and changes nothing', async () => {
  const before = await api.database.owner.selectFrom('command').select('key').orderBy('key').execute()
  for (const [name, input] of Object.entries(inputs)) {
    if (!/"(matter|client|invoice|application|payment)Id"/.test(JSON.stringify(input))) continue
    const { errors } = await send(name, input, { firm: stranger })
    expect(errors?.[0]?.extensions['code'], name).toBe('NOT_FOUND')
  }
  expect(await api.database.owner.selectFrom('command').select('key').orderBy('key').execute()).toEqual(before)
})

describe('roles', () => {
  const allowed = async (name: string, role: 'BILLER' | 'READER') => {
    const { errors } = await send(name, inputs[name] ?? {}, { roles: [role] })
    if (errors) expect(errors[0]?.extensions['code']).toBe('FORBIDDEN')
    return !errors
  }

  test('a reader reads and commands nothing', async () => {
    for (const name of Object.keys(inputs)) expect(await allowed(name, 'READER'), name).toBe(false)
    expect((await api.data('{ matters { nodes { id } } }', {}, { roles: ['READER'] })).matters.nodes).toHaveLength(3)
  })

  test('a biller commands all but practice settings, closing, and what moves money out', async () => {
    const may: string[] = []
    for (const name of Object.keys(inputs)) if (await allowed(name, 'BILLER')) may.push(name)
    expect(Object.keys(inputs).filter((name) => !may.includes(name))).toEqual([
      'updatePracticeSettings',
      'refundRetainer',
      'transferRetainer',
      'assignUnappliedFunds',
      'refundUnappliedFunds',
      'startReconciliation',
      'closeMatter',
    ])
  })

  test('every mutation is among those tried here', () => {
    const results = Object.keys(inputs).map((name) => `${name[0]?.toUpperCase()}${name.slice(1)}Result`)
    expect(results.toSorted()).toEqual([...REFUSING_UNIONS.keys()].toSorted())
  })

  test('another firm reads nothing of the books', async () => {
    const { viewer } = await api.data(
      `{ viewer { unappliedFunds { nodes { id } } payouts { nodes { id } } reconciliations { nodes { id } } attention { code }
        trialBalance { accounts { account } } } }`,
      {},
      { firm: stranger },
    )
    const none = { nodes: [] }
    const books = { unappliedFunds: none, payouts: none, reconciliations: none, attention: [] }
    expect(viewer).toEqual({ ...books, trialBalance: { accounts: [] } })
  })

  test('money goes to no matter of another firm', async () => {
    const { gid: theirs } = await api.matter(stranger)
    const input = { matterId: ids['Matter'], toMatterId: theirs, amount: usd('1') }
    const { errors } = await send('transferRetainer', input, {})
    expect(errors?.[0]?.extensions['code']).toBe('NOT_FOUND')
    const assigned = await send('assignUnappliedFunds', { ...inputs['assignUnappliedFunds'], matterId: theirs }, {})
    expect(assigned.errors?.[0]?.extensions['code']).toBe('NOT_FOUND')
  })

  test('a token without a role of ours reads nothing', async () => {
    const { data, errors } = await api.ask('{ viewer { subject } }', {}, { roles: [] })
    expect([data, errors?.[0]?.extensions]).toEqual([null, { code: 'FORBIDDEN' }])
  })
})

function send(name: string, input: object, asking: object) {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`
  return api.ask(document, { input: { idempotencyKey: randomUUID(), ...input } }, asking)
}
