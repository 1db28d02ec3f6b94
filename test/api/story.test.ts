import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, options, startApi, usd } from './support.ts'

const DAY_MS = 24 * 60 * 60 * 1000

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const RETAINER = `retainer { phase balance { amount currencyCode } amountDue { amount } canCreateOnline initialAmountLocked
  openRequest { number kind amount { amount } received { amount } remaining { amount } status payUrl } }`

test('the article’s story reads in the API’s words', async () => {
  const { gid: matterId, id, firm } = await api.matter()
  const select = `matter { ${RETAINER} }`
  const saved = await api.mutate('updateMatterBillingOptions', { matterId, ...options('1000.00') }, select)
  expect(saved.matter.retainer).toMatchObject({ phase: 'DUE', amountDue: { amount: '1000.00' }, canCreateOnline: true })

  const asked = await api.mutate('createOnline', { matterId }, `request { id number payUrl } ${select}`)
  expect(asked.request.number).toBe(1)
  expect(asked.matter.retainer.openRequest).toMatchObject({
    kind: 'INITIAL',
    status: 'OPEN',
    remaining: { amount: '1000.00' },
  })

  await api.books.tell(
    { firmId: firm.firmId, matterId: id },
    {
      kind: 'paymentSettled',
      paymentId: 'pi_1',
      amountMinor: 90_000n,
      providerAccount: 'platform',
      requestId: `${id}-r1`,
      attemptId: null,
      method: 'CARD',
      feeMinor: null,
    },
  )
  const locked = await api.mutate('updateMatterBillingOptions', { matterId, ...options('2000.00') }, select)
  expect(locked).toMatchObject({ __typename: 'InitialAmountLocked', code: 'InitialAmountLocked' })

  const cheque = await api.mutate(
    'recordOfflinePayment',
    { matterId, amount: usd('100.00'), method: 'CHEQUE', reference: '1042' },
    `transaction { kind direction amount { amount } balance { amount } memo paymentId } ${select}`,
  )
  expect(cheque.transaction).toMatchObject({
    kind: 'OFFLINE_PAYMENT',
    direction: 'IN',
    balance: { amount: '1000.00' },
    memo: 'Check 1042',
  })
  expect(cheque.matter.retainer).toMatchObject({ phase: 'NOTHING_DUE', openRequest: null })

  const invoice = await api.mutate(
    'recordInvoice',
    { matterId, number: 'INV-1', amount: usd('250.5') },
    `invoice { id amount { amount } paid { amount } rest { amount } applications { id automatic reversedAt } } ${select}`,
  )
  expect(invoice.invoice).toMatchObject({ paid: { amount: '250.50' }, rest: { amount: '0.00' } })
  expect(invoice.matter.retainer.balance).toEqual({ amount: '749.50', currencyCode: 'USD' })

  const { matter } = await api.data(
    `query ($id: ID!) { matter(id: $id) { number client { name } billingOptions { enabled type initialAmount { amount } replenishment { enabled minimumBalance { amount } } }
      retainer { transactions(first: 2) { nodes { kind direction amount { amount } balance { amount } paymentId invoice { number } application { id } } pageInfo { hasNextPage } }
        decisions(first: 3) { nodes { rule code sentence inputs { name value money { amount } } } } requests { nodes { status } } invoices { nodes { number } } attention { code } effectsInFlight liveState { phase }
        events(after: 0, first: 3) { sequence type refusal balance { amount } decisions { code } } } } }`,
    { id: matterId },
  )
  expect(matter).toMatchObject({
    client: { name: 'Ada Lovelace' },
    billingOptions: {
      enabled: true,
      type: 'GENERAL',
      initialAmount: { amount: '1000.00' },
      replenishment: { enabled: false, minimumBalance: { amount: '0.00' } },
    },
  })
  const { transactions, decisions, ...lists } = matter.retainer
  expect(transactions).toMatchObject({
    nodes: [
      {
        kind: 'INVOICE_PAID',
        direction: 'OUT',
        amount: { amount: '250.50' },
        balance: { amount: '749.50' },
        invoice: { number: 'INV-1' },
      },
      {
        kind: 'OFFLINE_PAYMENT',
        direction: 'IN',
        amount: { amount: '100.00' },
        balance: { amount: '1000.00' },
        invoice: null,
      },
    ],
    pageInfo: { hasNextPage: true },
  })
  expect(decisions.nodes[1]).toMatchObject({
    rule: 'R16',
    code: 'INVOICE_PAID_AUTOMATICALLY',
    sentence: 'An invoice of 250.50 USD was recorded; 250.50 USD was paid from the retainer.',
    inputs: expect.arrayContaining([{ name: 'available', value: '1000.00', money: { amount: '1000.00' } }]),
  })
  expect(lists).toMatchObject({
    requests: { nodes: [{ status: 'SATISFIED' }] },
    invoices: { nodes: [{ number: 'INV-1' }] },
    attention: [],
    liveState: null,
    events: [
      { sequence: 1, type: 'OPTIONS_SAVED', refusal: null, decisions: [{ code: 'OPTIONS_SAVED' }] },
      { sequence: 2, type: 'CREATE_ONLINE' },
      { sequence: 3, type: 'PAYMENT_SETTLED', balance: { amount: '900.00' } },
    ],
  })
})

test('R21: what was decided on one day is one query', async () => {
  const { gid } = await api.matter()
  const savedFromMs = Date.now()
  await api.mutate('updateMatterBillingOptions', { matterId: gid, ...options('1000') }, '__typename')
  const of = (from: string, until: string) =>
    api
      .data(
        'query ($id: ID!, $from: DateTime, $until: DateTime) { matter(id: $id) { retainer { decisions(from: $from, until: $until) { nodes { code } } } } }',
        { id: gid, from, until },
      )
      .then(({ matter }) => matter.retainer.decisions.nodes)
  const startOfDay = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 10)}T00:00:00Z`
  // Two days, should midnight have passed while it was decided.
  const [today, tomorrow] = [startOfDay(savedFromMs), startOfDay(Date.now() + DAY_MS)]
  expect(await of(today, tomorrow)).toEqual([{ code: 'OPTIONS_SAVED' }])
  expect(await of(tomorrow, startOfDay(Date.parse(tomorrow) + DAY_MS))).toEqual([])
  expect(await of(startOfDay(savedFromMs - DAY_MS), today)).toEqual([])
})

test('what needs attention is shown with advice, and dismissed by a person', async () => {
  const { gid: matterId, id, firm } = await api.matter()
  await api.mutate('updateMatterBillingOptions', { matterId, ...options('1000') }, '__typename')
  await api.books.tell(
    { firmId: firm.firmId, matterId: id },
    { kind: 'mailBounced', mailId: 'mail-1', recipient: 'CLIENT' },
  )
  const { matters } = await api.data(
    '{ matters(filter: { attention: true }) { nodes { id retainer { attention { code subjectId since message advice } } } } }',
  )
  expect(matters.nodes).toMatchObject([
    {
      id: matterId,
      retainer: { attention: [{ code: 'MAIL_BOUNCED', subjectId: 'mail-1', advice: expect.any(String) }] },
    },
  ])
  const dismissed = await api.mutate(
    'dismissAttention',
    { matterId, code: 'MAIL_BOUNCED', subjectId: 'mail-1' },
    'matter { retainer { attention { code } } }',
  )
  expect(dismissed.matter.retainer.attention).toEqual([])
})
