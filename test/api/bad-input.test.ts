import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Api, globalId, options, startApi, usd } from './support.ts'

let api: Api
let matterId: string
beforeAll(async () => {
  api = await startApi()
  matterId = (await api.matter()).gid
})
afterAll(() => api.close())
// What a client does wrong is its own to see, not ours.
afterEach(() => expect(api.logged()).toBe(''))

/** The first error's extensions, and where it is. */
async function errorOf(query: string, variables: object = {}) {
  const { errors } = await api.ask(query, variables)
  return errors?.[0]?.extensions
}

const sending = (name: string, input: object) =>
  errorOf(
    `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename } }`,
    {
      input: { idempotencyKey: randomUUID(), ...input },
    },
  )

const notAcceptable = (field: string) => ({ code: 'BAD_USER_INPUT', field, reason: 'NOT_ACCEPTABLE' })

test('a document that is none, or asks for what is not there, is told apart', async () => {
  expect(await errorOf('{ viewer')).toEqual({ code: 'GRAPHQL_PARSE_FAILED' })
  expect(await errorOf('{ viewer { name } }')).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' })
  expect(await errorOf('query ($first: Int) { matters(first: $first) { nodes { id } } }', { first: 1.5 })).toEqual({
    code: 'BAD_USER_INPUT',
  })
})

describe('amounts', () => {
  const pay = (amount: unknown) => sending('recordOfflinePayment', { matterId, amount, method: 'OTHER' })

  test('what is no decimal string is refused with its field, a JSON number too', async () => {
    for (const amount of [
      'abc',
      '',
      '1e3',
      '1,000.00',
      ' 1',
      '+1',
      '.5',
      '1.',
      '٣',
      'NaN',
      '9'.repeat(16),
      1000,
      10.5,
      true,
      ['1'],
    ]) {
      expect(await pay({ amount, currencyCode: 'USD' }), String(amount)).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'amount.amount',
        reason: 'NOT_A_DECIMAL',
      })
    }
  })

  test('an unknown currency is refused with its field', async () => {
    expect(await pay({ amount: '1', currencyCode: 'XXX' })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'amount.currencyCode',
    })
  })

  test('R2: a form gets the name of the wrong amount', async () => {
    const wrong = options('1000', ['500', '-1'])
    const result = await api.mutate(
      'updateMatterBillingOptions',
      { matterId, ...wrong },
      '__typename } ... on AmountNotAcceptable { field reason',
    )
    expect(result).toMatchObject({
      field: 'topUpTriggerAmount',
      reason: 'NEGATIVE',
      message: 'The amount in topUpTriggerAmount must not be negative.',
    })
  })
})

test('an id that is malformed, or another type’s, is BAD_USER_INPUT', async () => {
  for (const id of ['garbage', '', '%%%', '🙃', 'x'.repeat(10_000), globalId('Client', api.firm.clientId)]) {
    const expected = { code: 'BAD_USER_INPUT', reason: 'NOT_AN_ID' }
    expect(await errorOf('query ($id: ID!) { matter(id: $id) { id } }', { id })).toEqual(expected)
    expect(await sending('createOnline', { matterId: id })).toEqual(expected)
  }
})

test('an id that nothing has is NOT_FOUND to a command', async () => {
  for (const id of [randomUUID(), 'abc', '\0', "'"]) {
    expect(await sending('createOnline', { matterId: globalId('Matter', id) }), id).toEqual({ code: 'NOT_FOUND' })
    expect(await sending('applyRetainerToInvoice', { invoiceId: globalId('Invoice', id) }), id).toEqual({
      code: 'NOT_FOUND',
    })
    expect(await sending('reverseApplication', { applicationId: globalId('RetainerApplication', id) }), id).toEqual({
      code: 'NOT_FOUND',
    })
    expect(await sending('refundUnappliedFunds', { paymentId: globalId('Payment', id) }), id).toEqual({
      code: 'NOT_FOUND',
    })
    expect(await sending('assignUnappliedFunds', { matterId, paymentId: globalId('Payment', id) }), id).toEqual({
      code: 'NOT_FOUND',
    })
    const transfer = { matterId, toMatterId: globalId('Matter', id), amount: usd('1') }
    expect(await sending('transferRetainer', transfer), id).toEqual({ code: 'NOT_FOUND' })
    expect(await sending('updateClient', { clientId: globalId('Client', id), name: 'X' }), id).toEqual({
      code: 'NOT_FOUND',
    })
    expect(await sending('createMatter', { clientId: globalId('Client', id), number: 'X', title: 'X' }), id).toEqual({
      code: 'NOT_FOUND',
    })
  }
})

test('texts are one line within bounds', async () => {
  const payment = { matterId, amount: usd('1'), method: 'OTHER' }
  for (const reference of ['', ' ', 'a\nb', 'a\0b', 'x'.repeat(151)]) {
    expect(await sending('recordOfflinePayment', { ...payment, reference })).toEqual(notAcceptable('reference'))
  }
  expect(await sending('recordInvoice', { matterId, amount: usd('1'), number: 'x'.repeat(65) })).toEqual(
    notAcceptable('number'),
  )
  expect(await sending('createClient', { name: ' ', email: 'a@b.example' })).toEqual(notAcceptable('name'))
  expect(await sending('createClient', { name: 'Ada', email: 'ada' })).toEqual(notAcceptable('email'))
  expect(await errorOf('{ matters(filter: { search: "" }) { nodes { id } } }')).toEqual(notAcceptable('filter.search'))
  const { client } = await api.mutate(
    'createClient',
    { name: '  Åsa 🙃 \u0646\u200c\u0627 👩‍⚖️ ', email: 'asa@example.org' },
    'client { name }',
  )
  expect(client.name).toBe('Åsa 🙃 \u0646\u200c\u0627 👩‍⚖️')
})

test('a name that cannot be seen as it is, is none: controls, halves of pairs, what turns the direction or is invisible', async () => {
  for (const sign of [
    '\0',
    '\u0007',
    '\u0085',
    '\ud800',
    '\u202e',
    '\u2066',
    '\u200b',
    '\u200e',
    '\ufeff',
    '\u00ad',
    '\u2028',
    '\ue000',
  ]) {
    expect(await sending('createClient', { name: `Ada${sign}Byron`, email: 'a@b.example' }), sign).toEqual(
      notAcceptable('name'),
    )
  }
})

test('an idempotency key is a UUID', async () => {
  for (const idempotencyKey of ['', 'x', '1', `${randomUUID()}x`]) {
    expect(await sending('createOnline', { matterId, idempotencyKey })).toEqual(notAcceptable('idempotencyKey'))
  }
})

test('R9: practice settings that reminders could not be reckoned by are refused with their field', async () => {
  const wrong: [string, unknown[]][] = [
    ['timeZone', ['Mars/Olympus', '+01:00', 'europe/berlin', '', "'"]],
    ['reminderDays', [[3, 2], [7, 7], Array.from({ length: 13 }, (_, nth) => nth + 1)]],
    ['reminderDays.0', [[0], [366], [-1]]],
    ['reminderHour', [-1, 24]],
    ['senderEmail', ['x', 'a@b', `${'x'.repeat(250)}@b.example`]],
    ['notificationsEmail', ['']],
  ]
  for (const [field, values] of wrong) {
    for (const value of values) {
      const [name = ''] = field.split('.')
      expect(await sending('updatePracticeSettings', { [name]: value }), `${field} ${String(value)}`).toEqual(
        notAcceptable(field),
      )
    }
  }
  const settings = { timeZone: 'Asia/Kolkata', reminderDays: [1, 365], reminderHour: 0, copiesTopUps: true }
  const saved = await api.mutate(
    'updatePracticeSettings',
    settings,
    'firm { practiceSettings { timeZone reminderDays reminderHour copiesTopUps senderName } }',
  )
  expect(saved.firm.practiceSettings).toEqual({ ...settings, senderName: 'Hart, Vale & Partners' })
})

test('days are ISO 8601, and a period does not end before it begins', async () => {
  const export_ = (from: unknown, to: unknown) =>
    errorOf('query ($from: Date!, $to: Date!) { viewer { journalExport(from: $from, to: $to) { url } } }', { from, to })
  for (const day of ['2026-02-30', '2026-3-3', '03/03/2026', '2026-03-03T00:00:00Z', '', 20_260_303, '0001-01-01']) {
    const expected = { code: 'BAD_USER_INPUT', reason: 'NOT_A_DATE' }
    expect(await export_(day, '2027-01-01'), String(day)).toMatchObject(expected)
  }
  expect(await export_('1000-01-01', '9999-12-31')).toBeUndefined()
  expect(await export_('2026-03-04', '2026-03-03')).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'to',
    reason: 'OUT_OF_RANGE',
  })
})

test('instants are RFC 3339, sequence numbers not negative', async () => {
  const since = (from: unknown) =>
    errorOf(
      'query ($id: ID!, $from: DateTime) { matter(id: $id) { retainer { decisions(from: $from) { nodes { code } } } } }',
      {
        id: matterId,
        from,
      },
    )
  for (const from of ['2026-03-03', 'yesterday', '2026-02-30T00:00:00Z', 1_767_225_600_000]) {
    expect(await since(from)).toEqual({ code: 'BAD_USER_INPUT', reason: 'NOT_A_DATE_TIME' })
  }
  for (const from of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999+14:00', '2026-03-03T00:00:00-05:00']) {
    expect(await since(from), from).toBeUndefined()
  }
  expect(
    await errorOf('query ($id: ID!) { matter(id: $id) { retainer { events(after: -1) { sequence } } } }', {
      id: matterId,
    }),
  ).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'after',
    reason: 'OUT_OF_RANGE',
  })
})
