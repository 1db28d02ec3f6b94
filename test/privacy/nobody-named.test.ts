import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { searchAttributes } from '../../workflows/contract.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startRealEngine } from '../support/engine.ts'
import { createFirm } from '../support/firm.ts'
import { PollingByHand } from './by-hand.ts'
import { expectNobodyNamedByEngine, lookoutFor } from './nobody-named.ts'

const NAME = 'Åsa "Ada" Lovelace & Søn'

describe('the lookout for personal data', () => {
  test.each([
    ['plain', NAME],
    ['in other letter case', NAME.toLowerCase()],
    ['in JSON', JSON.stringify({ to: NAME })],
    ['in JSON within JSON', JSON.stringify(JSON.stringify({ to: NAME }))],
    ['in JSON of ASCII only', '\\u00c5sa \\"Ada\\" Lovelace & S\\u00f8n'],
    ['in an address', `https://example.com/?name=${encodeURIComponent(NAME)}`],
    ['in a form', new URLSearchParams({ name: NAME }).toString()],
    ['in a page', '<p>Åsa &quot;Ada&quot; Lovelace &amp; Søn</p>'],
    ['in hexadecimal', Buffer.from(NAME).toString('hex')],
    ...[0, 1, 2].map((n) => [`in base64, ${n} bytes in`, Buffer.from(`${'-'.repeat(n)}${NAME}!`).toString('base64')]),
  ])('finds a name %s', (_, text) => {
    expect(lookoutFor([NAME])(Buffer.from(`before ${text} after`))).toContain(NAME)
  })

  test('finds a mail address that the books do not know', () => {
    for (const address of ['payer@bank.example', 'payer%40bank.example'])
      expect(lookoutFor([])(Buffer.from(`{"email":"${address}"}`))).toEqual([address])
  })

  test('finds nothing in ids and amounts', () => {
    expect(lookoutFor([NAME])(Buffer.from('{"matterId":"4e1f","amountMinor":"90000"} 12@worker'))).toEqual([])
  })
})

describe('what the engine keeps is searched', () => {
  let engine: TestWorkflowEnvironment
  let database: TestDatabase
  beforeAll(async () => {
    engine = await startRealEngine()
    database = await createTestDatabase()
    await createFirm(database.owner)
  })
  afterAll(async () => {
    await engine?.teardown()
    await database?.drop()
  })

  const name = 'Ada Lovelace'
  const start = (options: object = {}) =>
    engine.client.workflow.start('anything', { workflowId: crypto.randomUUID(), taskQueue: 'nobody', ...options })

  test.each<[string, () => Promise<{ terminate(): Promise<unknown> }>]>([
    ['an argument', () => start({ args: [{ client: { name } }] })],
    ['a memo', () => start({ memo: { client: name } })],
    [
      'a search attribute, and so in the list',
      () => start({ typedSearchAttributes: [{ key: searchAttributes.matter, value: name }] }),
    ],
    ['a summary', () => start({ staticSummary: `General retainer of ${name}` })],
    [
      'a signal',
      async () => {
        const run = await start()
        await run.signal('told', { name })
        return run
      },
    ],
    [
      'the details of a heartbeat of an activity under way',
      async () => new PollingByHand(engine, await start({ taskQueue: 'by-hand' })).activity({ heartbeat: name }),
    ],
    [
      'the stack trace of a try that failed and comes again',
      async () => new PollingByHand(engine, await start({ taskQueue: 'by-hand' })).activity({ stackTrace: name }),
    ],
  ])('a name in %s is found', async (_, act) => {
    // The engine lists a workflow a little after it knows of it.
    const named = () => expectNobodyNamedByEngine(engine.client, database.owner).then(() => 'nobody', String)
    expect(await named()).toBe('nobody')
    const run = await act()
    await expect.poll(named).toContain('The engine names people')
    const { workflowService, options } = engine.client
    const { workflowId } = run as unknown as { workflowId: string }
    await workflowService.deleteWorkflowExecution({
      namespace: options.namespace,
      workflowExecution: { workflowId },
    })
    await expect.poll(named).toBe('nobody')
  })
})

test('every suite that starts an engine has it searched at its end', async () => {
  const root = path.join(import.meta.dirname, '..')
  // What only measures is no test.
  const files = (await readdir(root, { recursive: true })).filter((file) => /^(?!.*measure).*\.ts$/.test(file))
  const sources = await Promise.all(
    files.map(async (file) => ({ file, source: await readFile(path.join(root, file), 'utf8') })),
  )
  const unsearched = sources.filter(
    ({ file, source }) => STARTS.test(source) && !SEARCHES.test(source) && !NEED_NOT.has(file),
  )
  expect(unsearched.map(({ file }) => file)).toEqual([])
})

const STARTS = /start(Real|Skipping)Engine\(|startEngine|createLocal\(|createTimeSkipping\(|(startStack|openPractice)\(/
const SEARCHES = /startLifecycle|expectNobodyNamedBy(Engine|Stack)/
/** Engines and stacks for others to search; and those that no person of a database comes near. */
const NEED_NOT = new Set([
  'support/engine.ts',
  'practice/practice.ts',
  // The verdict searches, in `guarantees/engine.ts`.
  'chaos/world.ts',
  'stack/stack.long.test.ts',
  'stack/fixtures/run-stack.ts',
  'lifecycle/mail-order.test.ts',
  'lifecycle/payout-told.test.ts',
  'lifecycle/reconciliation-looks.test.ts',
  'lifecycle/reconciliation-stuck.test.ts',
  'deployment/preflight.test.ts',
])
