import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommandUnanswered } from '../../src/api/command-gateway.ts'
import { type Api, options, startApi, usd } from './support.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const client = { name: 'Grace Hopper', email: 'grace@hopper.example' }

test('the same key with the same input files once and answers the same, however many ask at once', async () => {
  const input = { idempotencyKey: randomUUID(), ...client }
  const answers = await Promise.all(Array.from({ length: 8 }, () => api.mutate('createClient', input, 'client { id }')))
  expect(new Set(answers.map((answer) => answer.client.id)).size).toBe(1)
  const again = await api.mutate(
    'createClient',
    { ...input, idempotencyKey: input.idempotencyKey.toUpperCase() },
    'client { id }',
  )
  expect(again).toEqual(answers[0])
  const filed = await api.database.owner.selectFrom('client').select('id').where('name', '=', client.name).execute()
  expect(filed).toHaveLength(1)
})

test('a key is for one command: other input, another command or another matter is refused, and does nothing', async () => {
  const idempotencyKey = randomUUID()
  const { gid: matterId } = await api.matter()
  const payment = { idempotencyKey, matterId, amount: usd('10'), method: 'CHEQUE', reference: '1' }
  await api.mutate('recordOfflinePayment', payment, '__typename')
  const others: [string, object][] = [
    ['recordOfflinePayment', { ...payment, amount: usd('20') }],
    ['recordOfflinePayment', { ...payment, reference: '2' }],
    ['recordOfflinePayment', { ...payment, matterId: (await api.matter()).gid }],
    ['recordInvoice', { idempotencyKey, matterId, amount: usd('10'), number: '1' }],
    ['createClient', { idempotencyKey, ...client }],
    ['updatePracticeSettings', { idempotencyKey, reminderHour: 1 }],
  ]
  for (const [name, input] of others) {
    expect(await api.mutate(name, input, '__typename'), name).toMatchObject({ __typename: 'IdempotencyKeyReused' })
  }
  const { matter } = await api.data(
    'query ($id: ID!) { matter(id: $id) { retainer { sequence balance { amount } transactions { nodes { memo } } } } }',
    { id: matterId },
  )
  expect(matter.retainer).toEqual({
    sequence: 1,
    balance: { amount: '10.00' },
    transactions: { nodes: [{ memo: 'Check 1' }] },
  })
})

test('R14: a repeated offline payment posts once and answers its line again', async () => {
  const { gid: matterId } = await api.matter()
  const input = { idempotencyKey: randomUUID(), matterId, amount: usd('10.00'), method: 'BANK_TRANSFER' }
  const once = await api.mutate(
    'recordOfflinePayment',
    input,
    'transaction { id memo } matter { retainer { balance { amount } } }',
  )
  const twice = await api.mutate(
    'recordOfflinePayment',
    { ...input, amount: usd('10') },
    'transaction { id memo } matter { retainer { balance { amount } } }',
  )
  expect(twice).toEqual(once)
  expect(once).toMatchObject({
    transaction: { memo: 'Bank transfer' },
    matter: { retainer: { balance: { amount: '10.00' } } },
  })
})

test('an answer stands, whatever became of the matter since', async () => {
  const { gid: matterId } = await api.matter()
  const refused = { idempotencyKey: randomUUID(), matterId }
  await api.mutate('updateMatterBillingOptions', { matterId, ...options(null) }, '__typename')
  expect(await api.mutate('createOnline', refused, '__typename')).toMatchObject({ __typename: 'NothingDue' })
  await api.mutate('updateMatterBillingOptions', { matterId, ...options('1000') }, '__typename')
  expect(await api.mutate('createOnline', refused, '__typename')).toMatchObject({ __typename: 'NothingDue' })
  expect(await api.mutate('createOnline', { matterId }, '__typename')).toMatchObject({
    __typename: 'CreateOnlinePayload',
  })
})

test('a command without an answer says that repeating it is safe, and its last memo is the one that counts', async () => {
  const { gid: matterId } = await api.matter()
  const silent = await startApi({
    db: api.db,
    commands: { send: () => Promise.reject(new CommandUnanswered('The matter did not answer in time.')) },
  })
  const input = { idempotencyKey: randomUUID(), matterId, amount: usd('10'), method: 'OTHER', reference: 'mistyped' }
  const document =
    'mutation ($input: RecordOfflinePaymentInput!) { recordOfflinePayment(input: $input) { __typename } }'
  const { data, errors } = await silent.ask(document, { input }, { firm: api.firm })
  expect(data).toBeNull()
  expect(errors?.[0]).toMatchObject({
    message: expect.stringContaining('safe to repeat'),
    extensions: { code: 'COMMAND_UNANSWERED' },
  })
  const corrected = await api.mutate(
    'recordOfflinePayment',
    { ...input, reference: 'corrected' },
    'transaction { memo }',
  )
  expect(corrected.transaction.memo).toBe('Payment corrected')
  await silent.close()
})

test('R12: a refused repetition with another reference leaves the payment’s own as it was', async () => {
  const idempotencyKey = randomUUID()
  const { gid: matterId } = await api.matter()
  const payment = { idempotencyKey, matterId, amount: usd('10'), method: 'CHEQUE' }
  const fields = '__typename ... on RecordOfflinePaymentPayload { transaction { memo } }'
  const answers = await Promise.all(
    ['1001', '6666'].map((reference) => api.mutate('recordOfflinePayment', { ...payment, reference }, fields)),
  )
  const booked = answers.find(({ __typename }) => __typename === 'RecordOfflinePaymentPayload')
  const won = answers.indexOf(booked) === 0 ? '1001' : '6666'
  const again = await api.mutate('recordOfflinePayment', { ...payment, reference: won }, fields)
  expect(again.transaction.memo).toBe(`Check ${won}`)
})
