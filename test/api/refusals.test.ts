import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFirm } from '../support/firm.ts'
import { booked } from './booked.ts'
import { REFUSING_UNIONS } from './printed-schema.ts'
import { type Api, globalId, options, startApi, usd } from './support.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const reached = new Set<string>()

/** Has `mutation` refused as `code`; answers the refusal with its `facts`. */
async function refusedAs(code: string, mutation: string, input: object, facts = '') {
  const select = facts ? `__typename } ... on ${code} { ${facts}` : '__typename'
  const result = await api.mutate(mutation, input, select)
  expect(result).toMatchObject({ __typename: code, code, message: expect.stringMatching(/^[A-Z].+\.$/) })
  reached.add(code)
  return result
}

const save = (matterId: string, saved: object) =>
  api.mutate('updateMatterBillingOptions', { matterId, ...saved }, '__typename')
const pay = (matterId: string, amount: string) =>
  api.mutate(
    'recordOfflinePayment',
    { matterId, amount: usd(amount), method: 'CHEQUE' },
    'transaction { paymentId at }',
  )

/** An enabled matter that holds this much, with nothing due. */
async function holding(amount: string, topUp: [string, string] | null = null) {
  const { gid } = await api.matter()
  await save(gid, options(amount, topUp))
  await pay(gid, amount)
  return gid
}

async function anotherClientsMatter(): Promise<{ id: string }> {
  const { client } = await api.mutate('createClient', { name: 'Grace', email: 'grace@hopper.example' }, 'client { id }')
  const filed = { clientId: client.id, number: randomUUID(), title: 'Another client’s' }
  return (await api.mutate('createMatter', filed, 'matter { id }')).matter
}

const invoice = (matterId: string, amount: string, number = randomUUID()) =>
  api.mutate('recordInvoice', { matterId, number, amount: usd(amount) }, 'invoice { id applications { id } }')

test('R1: a matter cannot be enabled while its firm has the general retainer off', async () => {
  const matterId = (await api.matter()).gid
  const off = await api.mutate('updatePracticeSettings', { generalRetainerEnabled: false }, '__typename')
  expect(off).toMatchObject({ __typename: 'UpdatePracticeSettingsPayload' })
  await refusedAs('GeneralRetainerNotTurnedOn', 'updateMatterBillingOptions', { matterId, ...options('1000') })
  await api.mutate('updatePracticeSettings', { generalRetainerEnabled: true }, '__typename')
})

test('R1: the firm’s switch and currency stand while a matter is enabled or holds money', async () => {
  const matterId = await holding('10')
  await refusedAs('GeneralRetainerInUse', 'updatePracticeSettings', { generalRetainerEnabled: false }, 'matterCount')
  await refusedAs('CurrencyFixed', 'updatePracticeSettings', { currency: 'EUR' }, 'currency')
  await save(matterId, { ...options(null), enabled: false })
  const { matterCount } = await refusedAs(
    'GeneralRetainerInUse',
    'updatePracticeSettings',
    { generalRetainerEnabled: false },
    'matterCount',
  )
  expect(matterCount).toBe(1)
})

test('R1: the currency cannot change once there are entries, enabled or not', async () => {
  const firm = await createFirm(api.database.owner)
  const { gid: matterId } = await api.matter(firm)
  await api.mutate('recordOfflinePayment', { matterId, amount: usd('1'), method: 'OTHER' }, '__typename', { firm })
  const result = await api.mutate('updatePracticeSettings', { currency: 'EUR' }, '__typename', { firm })
  expect(result).toMatchObject({ __typename: 'CurrencyFixed' })
})

test('R2: options that cannot be saved are refused by name', async () => {
  const { gid: matterId } = await api.matter()
  const refuse = (code: string, saved: object, facts = '') =>
    refusedAs(code, 'updateMatterBillingOptions', { matterId, ...saved }, facts)
  await refuse('RetainerTypeNotSupported', { ...options('1000'), type: 'TRUST' }, 'type')
  await refuse('MinimumBalanceRequired', options(null, ['0', '0']))
  await refuse('TriggerAboveMinimum', options(null, ['500', '500.01']))
  expect(
    await refuse(
      'CurrencyMismatch',
      { ...options(null), initialAmount: { amount: '1', currencyCode: 'EUR' } },
      'expected',
    ),
  ).toMatchObject({ expected: 'USD' })
  for (const [amount, reason] of [
    ['-1', 'NEGATIVE'],
    ['1000000', 'TOO_LARGE'],
    ['0.001', 'TOO_MANY_DIGITS'],
  ] as const) {
    const { field, reason: told } = await refuse('AmountNotAcceptable', options(null, [amount, '0']), 'field reason')
    expect([field, told]).toEqual(['minimumBalance', reason])
  }
})

test('R3, R5: Create online with nothing to ask for is refused, saying what is on its way', async () => {
  const { gid: matterId, id, firm } = await api.matter()
  await refusedAs('RetainerNotEnabled', 'createOnline', { matterId })
  await save(matterId, options('1000'))
  await api.books.tell(
    { firmId: firm.firmId, matterId: id },
    { kind: 'paymentPending', paymentId: 'pi_debit', amountMinor: 100_000n, attemptId: null },
  )
  const { onItsWay } = await refusedAs('NothingDue', 'createOnline', { matterId }, 'onItsWay { amount }')
  expect(onItsWay.amount).toBe('1000.00')
})

test('R6: the initial amount is locked by the first payment, and the refusal says by which and since when', async () => {
  const { gid: matterId } = await api.matter()
  await save(matterId, options('1000'))
  const { transaction } = await pay(matterId, '900')
  const locked = await refusedAs(
    'InitialAmountLocked',
    'updateMatterBillingOptions',
    { matterId, ...options('2000') },
    'lockedAt paymentId payment { amount { amount } method }',
  )
  const payment = { amount: { amount: '900.00' }, method: 'OFFLINE' }
  expect(locked).toMatchObject({ lockedAt: transaction.at, paymentId: transaction.paymentId, payment })
})

test('R10: a frozen request is not sent again, and what is not open cannot be withdrawn', async () => {
  const matterId = await holding('500', ['500', '0'])
  await refusedAs('NoOpenRequest', 'withdrawRequest', { matterId })
  await invoice(matterId, '500')
  await api.mutate('turnReplenishmentOff', { matterId }, '__typename')
  await refusedAs('ReplenishmentOff', 'createOnline', { matterId })
  await refusedAs('NoSuchAttention', 'dismissAttention', { matterId, code: 'MAIL_BOUNCED', subjectId: 'nothing' })
})

test('R16: an invoice is never paid beyond its rest or the balance, nor taken back twice', async () => {
  const matterId = await holding('100')
  const first = await invoice(matterId, '40')
  await refusedAs('InvoiceNotOpen', 'applyRetainerToInvoice', { invoiceId: first.invoice.id })
  const number = randomUUID()
  const second = await invoice(matterId, '100', number)
  await refusedAs('InvoiceNumberTaken', 'recordInvoice', { matterId, number, amount: usd('1') })
  const apply = { invoiceId: second.invoice.id, amount: usd('30') }
  const short = await refusedAs(
    'InsufficientBalance',
    'applyRetainerToInvoice',
    apply,
    'available { amount } missing { amount }',
  )
  expect(short).toMatchObject({ available: { amount: '0.00' }, missing: { amount: '30.00' } })
  const above = await refusedAs(
    'AmountAboveInvoiceRest',
    'applyRetainerToInvoice',
    { ...apply, amount: usd('40.01') },
    'rest { amount }',
  )
  expect(above.rest.amount).toBe('40.00')

  const applicationId = first.invoice.applications[0].id
  const taken = await api.mutate(
    'reverseApplication',
    { applicationId },
    'application { reversedAt } invoice { rest { amount } }',
  )
  expect(taken).toMatchObject({
    application: { reversedAt: expect.any(String) },
    invoice: { rest: { amount: '40.00' } },
  })
  await refusedAs('ApplicationNotReversible', 'reverseApplication', { applicationId })
})

test('R17: no more is refunded than is there, nor than undisputed payments can take back', async () => {
  const on = booked(api)
  const empty = await on.enabled()
  await refusedAs('NothingToRefund', 'refundRetainer', { matterId: empty.gid })
  const matter = await on.enabled()
  const paymentId = await on.pays(matter, 10_000n)
  const refund = (amount: string) => ({ matterId: matter.gid, amount: usd(amount) })
  const short = await refusedAs('InsufficientBalance', 'refundRetainer', refund('100.01'), 'missing { amount }')
  expect(short.missing.amount).toBe('0.01')
  await on.pays(matter, 5_000n)
  await on.disputes(matter, paymentId, 4_000n)
  const above = await refusedAs('AmountAboveRefundable', 'refundRetainer', refund('60'), 'refundable { amount }')
  expect(above.refundable.amount).toBe('50.00')
})

test('R19: money moves only to another open, enabled matter of the same client', async () => {
  const on = booked(api)
  const from = await on.enabled()
  await on.pays(from, 10_000n)
  const to = (toMatterId: string) => ({ matterId: from.gid, toMatterId, amount: usd('10') })
  await refusedAs('SameMatter', 'transferRetainer', to(from.gid))
  await refusedAs('ReceivingMatterNotEnabled', 'transferRetainer', to((await api.matter()).gid))
  const closed = await on.enabled()
  await api.mutate('closeMatter', { matterId: closed.gid }, '__typename')
  await refusedAs('ReceivingMatterClosed', 'transferRetainer', to(closed.gid))

  const matter = await anotherClientsMatter()
  await save(matter.id, options(null))
  await refusedAs('OtherClientsMatter', 'transferRetainer', to(matter.id))
})

test('R15: unapplied funds go to the client they came from, once', async () => {
  const on = booked(api)
  const late = await on.lateMoney(10_000n)
  const taker = await on.enabled()
  const matter = await anotherClientsMatter()
  await refusedAs('OtherClientsMatter', 'assignUnappliedFunds', { paymentId: late.gid, matterId: matter.id })
  const tooMuch = { paymentId: late.gid, amount: usd('100.01') }
  const facts = 'unapplied { amount } asked { amount }'
  const above = await refusedAs('NotInUnappliedFunds', 'refundUnappliedFunds', tooMuch, facts)
  expect(above).toMatchObject({ unapplied: { amount: '100.00' }, asked: { amount: '100.01' } })
  await api.mutate('assignUnappliedFunds', { paymentId: late.gid, matterId: taker.gid }, '__typename')
  const assigned = { paymentId: late.gid, matterId: taker.gid }
  const gone = await refusedAs('NotInUnappliedFunds', 'assignUnappliedFunds', assigned, facts)
  expect(gone).toMatchObject({ unapplied: { amount: '0.00' }, asked: { amount: '0.00' } })
  await refusedAs('NotInUnappliedFunds', 'refundUnappliedFunds', { paymentId: late.gid })

  const { owner } = api.database
  const homeless = { firm_id: api.firm.firmId, id: 'pi_homeless', method: 'CARD', provider_account: 'acct_homeless' }
  await owner
    .insertInto('payment')
    .values({ ...homeless, amount_minor: 500n, unapplied_minor: 500n, settled_at: new Date() })
    .execute()
  await refusedAs('UnappliedFundsWithoutMatter', 'refundUnappliedFunds', {
    paymentId: globalId('Payment', 'pi_homeless'),
  })
})

test('R18: a disputed payment stays where it is', async () => {
  const on = booked(api)
  const late = await on.lateMoney(10_000n)
  await on.disputes(late.matter, late.paymentId, 4_000n)
  const taker = await on.enabled()
  await refusedAs('PaymentDisputed', 'assignUnappliedFunds', { paymentId: late.gid, matterId: taker.gid })
  await refusedAs('PaymentDisputed', 'refundUnappliedFunds', { paymentId: late.gid })
})

test('R20: a closed matter takes no more than its client owes it', async () => {
  const on = booked(api)
  const matter = await on.enabled()
  const matterId = matter.gid
  const paymentId = await on.pays(matter, 10_000n)
  await invoice(matterId, '100')
  await api.mutate('closeMatter', { matterId }, '__typename')
  await on.disputes(matter, paymentId, 4_000n)
  const cheque = { matterId, amount: usd('40.01'), method: 'CHEQUE' }
  const above = await refusedAs('AmountAboveReceivable', 'recordOfflinePayment', cheque, 'receivable { amount }')
  expect(above.receivable.amount).toBe('40.00')
})

test('R20: a closing matter asks for nothing, a closed one takes no commands', async () => {
  const matterId = await holding('10')
  const askedAt = Date.now()
  await api.mutate('closeMatter', { matterId }, '__typename')
  const { closingSince } = await refusedAs('MatterClosing', 'createOnline', { matterId }, 'closingSince')
  expect(new Date(closingSince).getTime()).toBeGreaterThanOrEqual(askedAt)
  await invoice(matterId, '10')
  const { invoice: last } = await api
    .data('query ($id: ID!) { matter(id: $id) { retainer { phase invoices { nodes { id } } } } }', { id: matterId })
    .then(({ matter }) => ({ invoice: matter.retainer.invoices.nodes[0] }))
  await api.mutate('applyRetainerToInvoice', { invoiceId: last.id }, '__typename')
  const { closedAt } = await refusedAs('MatterClosed', 'createOnline', { matterId }, 'closedAt')
  expect(new Date(closedAt).getTime()).toBeGreaterThanOrEqual(new Date(closingSince).getTime())
  await refusedAs('MatterClosed', 'closeMatter', { matterId })
})

test('R20: of a matter that older code closed, the refusal does not make up when', async () => {
  const { gid: matterId, id } = await api.matter()
  await save(matterId, options(null))
  await api.mutate('closeMatter', { matterId }, '__typename')
  await sql`update retainer set state = state - 'closedAtMs' - 'closingSinceMs' where matter_id = ${id}::uuid`.execute(
    api.database.owner,
  )
  const { closedAt } = await refusedAs('MatterClosed', 'createOnline', { matterId }, 'closedAt')
  expect(closedAt).toBeNull()
})

test('a number is used once in a firm, a key for one command', async () => {
  const clientId = globalId('Client', api.firm.clientId)
  const input = { clientId, number: 'M-1', title: 'One' }
  await api.mutate('createMatter', input, 'matter { id }')
  const { number } = await refusedAs('MatterNumberTaken', 'createMatter', input, 'number')
  expect(number).toBe('M-1')
  const idempotencyKey = randomUUID()
  await api.mutate('createMatter', { ...input, number: 'M-2', idempotencyKey }, 'matter { id }')
  await refusedAs('IdempotencyKeyReused', 'createMatter', { ...input, number: 'M-3', idempotencyKey })
})

test('every refusal that a mutation can answer with has been reached', () => {
  expect([...reached].toSorted()).toEqual([...new Set([...REFUSING_UNIONS.values()].flat())].toSorted())
})
