import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everything } from '../everything.ts'
import { type Api, startApi, usd } from '../support.ts'

let api: Api
let inputs: Record<string, object>
beforeAll(async () => {
  api = await startApi()
  ;({ inputs } = await everything(api))
})
afterAll(() => api?.close())

/** What a command is answered: the name of its result, or the reason that its input was refused for. */
async function answerTo(name: string, input: object): Promise<string> {
  const type = name[0]?.toUpperCase() + name.slice(1)
  const { data, errors } = await api.ask(`mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename } }`, {
    input: { ...inputs[name], ...input },
  })
  const { code, field } = errors?.[0]?.extensions ?? {}
  return data?.[name]?.__typename ?? `${String(code)} ${String(field)}`
}

test('a key that one command has used is refused to every other, whatever answered the first', async () => {
  const names = Object.keys(inputs)
  for (const [nth, name] of names.entries()) {
    const idempotencyKey = randomUUID()
    const other = names[(nth + 7) % names.length] ?? ''
    const first = await answerTo(name, { idempotencyKey })
    expect(await answerTo(other, { idempotencyKey }), `${other} after ${name}: ${first}`).toBe('IdempotencyKeyReused')
    expect(await answerTo(name, { idempotencyKey }), `${name} again`).toBe(first)
  }
})

test('a key is one however its letters are written, and nothing but a UUID that somebody made', async () => {
  const idempotencyKey = randomUUID()
  const name = 'createClient'
  expect(await answerTo(name, { idempotencyKey })).toBe('CreateClientPayload')
  const shouted = { idempotencyKey: idempotencyKey.toUpperCase(), name: 'Somebody Else' }
  expect(await answerTo(name, shouted)).toBe('IdempotencyKeyReused')
  for (const key of [
    ` ${randomUUID()}`,
    `${randomUUID()}\n`,
    `{${randomUUID()}}`,
    `urn:uuid:${randomUUID()}`,
    randomUUID().replaceAll('-', ''),
    5,
    '00000000-0000-0000-0000-000000000000',
    'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
    '٣'.repeat(36),
  ]) {
    expect(await answerTo(name, { idempotencyKey: key }), String(key)).toBe('BAD_USER_INPUT idempotencyKey')
  }
})

describe('amounts', () => {
  const pay = (amount: string) =>
    answerTo('recordOfflinePayment', { idempotencyKey: randomUUID(), amount: usd(amount) })

  test('are what they look like: digits of no other script, no exponent, no space, no sign that changes nothing', async () => {
    for (const amount of ['1e3', '٣', '１', ' 1', '1 ', '+1', '0x1', '1_000', '1\u00a0000', '−1', '1\n', 'Infinity']) {
      expect(await pay(amount), amount).toBe('BAD_USER_INPUT amount.amount')
    }
    for (const amount of ['-0', '-0.00', '0', '-1', '1.000', '0.001', '999999999999999.99']) {
      expect(await pay(amount), amount).toBe('AmountNotAcceptable')
    }
    for (const amount of ['0001.00', '1.1', '1']) {
      expect(await pay(amount), amount).toBe('RecordOfflinePaymentPayload')
    }
  })
})

test('an address is one address and cannot carry a second header, nor a name bytes that were no text', async () => {
  const client = (input: object) => answerTo('createClient', { idempotencyKey: randomUUID(), ...input })
  for (const email of [
    'a@b.example\n',
    'a@b.example\r\nBcc: x@y.example',
    'a@b.example\0',
    'a@b.example, x@y.example',
    'Ada <a@b.example>',
    '"a b"@b.example',
    'a@[127.0.0.1]',
    ' a@b.example',
  ]) {
    expect(await client({ email }), email).toBe('BAD_USER_INPUT email')
  }
  expect(await client({ name: 'Ada \ufffd Byron' })).toBe('BAD_USER_INPUT name')
})

test('days that no calendar of ours has are refused', async () => {
  for (const day of [
    '275760-09-13',
    '+275760-09-13',
    '-000001-01-01',
    '2026-1-01',
    '2026-W01-1',
    '٢٠٢٦-01-01',
    '2026-01-01\n',
  ]) {
    const { errors } = await api.ask(
      'query ($from: Date!) { viewer { journalExport(from: $from, to: "2026-12-31") { url } } }',
      { from: day },
    )
    expect(errors?.[0]?.extensions, day).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'NOT_A_DATE' })
  }
})

test('nothing of all this was a fault of ours', () => {
  expect(api.logged()).not.toContain('"level":50')
})
