import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { schema } from '../../schema/index.ts'
import { createFirm } from '../support/firm.ts'
import { eventsOf } from './event-source.ts'
import { everyField, type FieldOperation } from './every-field.ts'
import { everything } from './everything.ts'
import { type Api, type Asking, type Picked, startApi } from './support.ts'

let api: Api
let ids: Record<string, string>
let inputs: Record<string, object>
let found: ReturnType<typeof everyField>
/** Who asks, by the table's columns; null is nobody. */
let askers: Record<string, Asking | null>

beforeAll(async () => {
  // In development nobody is turned away before the schema is asked: here it is the schema that has to.
  api = await startApi({ development: true })
  ;({ ids, inputs } = await everything(api))
  const otherFirm = await createFirm(api.database.owner)
  askers = {
    ADMIN: { roles: ['ADMIN'] },
    BILLER: { roles: ['BILLER'] },
    READER: { roles: ['READER'] },
    'no role': { roles: [] },
    'no token': null,
    'other firm': { roles: ['ADMIN'], firm: otherFirm },
  }
  const id = JSON.stringify(ids['Matter'])
  const days = { 'from: Date': '"2026-01-01"', 'to: Date': '"2030-12-31"' }
  const args = { 'id: ID': id, 'matterId: ID': id, 'after: Int': '0', ...days }
  found = everyField(schema, { args, ids })
})
afterAll(() => api.close())

/**
 * Asks, and says in a word what came of it: `yes`, `nothing` (no such thing is known to the asker's firm), `own` (only what is the
 * asker's firm's), or the error's code.
 */
async function outcome({ document, operation, root }: FieldOperation, asking: Asking | null): Promise<string> {
  const variables = operation === 'mutation' ? { input: { idempotencyKey: randomUUID(), ...inputs[root] } } : {}
  const viewer: Record<string, string> = asking ? { 'x-viewer': JSON.stringify(api.viewerOf(asking)) } : {}
  const accept = operation === 'subscription' ? 'text/event-stream' : 'application/json'
  const ending = new AbortController()
  const response = await api.handle(api.request(document, variables, { ...viewer, accept }, ending.signal), api.log)
  const { data, errors } = await firstResult(response)
  ending.abort()
  if (errors) return errors[0].extensions.code as string
  if (!asking?.firm) return 'yes'
  const told = JSON.stringify(data)
  for (const secret of secrets()) expect(told, document).not.toContain(secret)
  return /:(?!null|\[\]|\{)/.test(told) ? 'own' : 'nothing'
}

async function firstResult(response: Response): Promise<Picked> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.json()
  for await (const { event, data } of eventsOf(response)) if (event === 'next') return JSON.parse(data)
  throw new Error('The stream ended without a result.')
}

/** What nobody of another firm may ever read: ids, as they are and as the API gives them out. */
const secrets = () =>
  Object.values(ids).flatMap((id) => [id, Buffer.from(id, 'base64').toString().split(':')[1] as string])

test('everything that has an id, and every mutation, is tried', () => {
  const nodes = Object.values(schema.getTypeMap()).filter(
    (type) => 'getInterfaces' in type && type.getInterfaces().some(({ name }) => name === 'Node'),
  )
  expect(new Set(Object.keys(ids))).toEqual(new Set(nodes.map(({ name }) => name)))
  expect(new Set(Object.keys(inputs))).toEqual(new Set(Object.keys(schema.getMutationType()?.getFields() ?? {})))
})

test('who may ask for what: every field, with every role, with none, without a token, and with another firm’s', async () => {
  const columns = Object.keys(askers)
  const rows = [['', ...columns]]
  for (const operation of found.operations) {
    const row = [operation.name]
    for (const column of columns) row.push(await outcome(operation, askers[column] ?? null))
    expect(['yes', 'own', 'nothing', 'FORBIDDEN', 'UNAUTHENTICATED', 'NOT_FOUND'], operation.name).toEqual(
      expect.arrayContaining(row.slice(1)),
    )
    rows.push(row)
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  for (const type of found.unreachable) table.push(`${type}: no field answers with it`)
  await expect(`${table.join('\n')}\n`).toMatchFileSnapshot('./access.snap')
}, 300_000)
