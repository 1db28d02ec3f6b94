import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFirm } from '../support/firm.ts'
import { booked } from './booked.ts'
import { type Api, startApi, usd } from './support.ts'

let api: Api
let on: ReturnType<typeof booked>
beforeAll(async () => {
  api = await startApi()
  on = booked(api)
})
afterAll(() => api.close())

const localId = (gid: string) => Buffer.from(gid, 'base64').toString().split(':').slice(1).join(':')

/** What `fields` say of a matter's retainer. */
const retainer = async (matterId: string, fields: string) =>
  (await api.data(`query ($id: ID!) { matter(id: $id) { retainer { ${fields} } } }`, { id: matterId })).matter.retainer

const REFUND = `refund { id amount { amount } otherMeans { amount } status madeAtProvider parts { amount { amount } means status providerRefundId payment { reference } } }`

test('R13: a bank debit on its way shows as a payment on its way, and posts nothing', async () => {
  const matter = await on.enabled()
  await on.tell(matter, { kind: 'paymentPending', paymentId: 'pi_debit', amountMinor: 40_000n, attemptId: null })
  const shown = await retainer(
    matter.gid,
    'balance { amount } pending { amount } pendingPayments { paymentId amount { amount } since } transactions { nodes { id } }',
  )
  expect(shown).toEqual({
    balance: { amount: '0.00' },
    pending: { amount: '400.00' },
    pendingPayments: [{ paymentId: 'pi_debit', amount: { amount: '400.00' }, since: expect.any(String) }],
    transactions: { nodes: [] },
  })
})

test('a transaction says how its payment was made, what it cost, and what became of it', async () => {
  const matter = await on.enabled()
  const paymentId = await on.pays(matter, 50_000n, { method: 'BANK_DEBIT', feeMinor: 500n })
  const { transactions } = await retainer(
    matter.gid,
    `transactions { nodes { kind paymentId payment { reference method amount { amount } fee { amount } refunded { amount }
      reversed { amount } unapplied { amount } disputed refundableOnline matter { id } } } }`,
  )
  expect(transactions.nodes).toEqual([
    {
      kind: 'PAYMENT_SETTLED',
      paymentId,
      payment: {
        reference: paymentId,
        method: 'BANK_DEBIT',
        amount: { amount: '500.00' },
        fee: { amount: '5.00' },
        refunded: { amount: '0.00' },
        reversed: { amount: '0.00' },
        unapplied: { amount: '0.00' },
        disputed: false,
        refundableOnline: true,
        matter: { id: matter.gid },
      },
    },
  ])
})

test('R17: a refund goes to the newest payments first, and its parts say how they stand', async () => {
  const matter = await on.enabled()
  const cheque = { matterId: matter.gid, amount: usd('100'), method: 'CHEQUE' }
  await api.mutate('recordOfflinePayment', cheque, '__typename')
  const older = await on.pays(matter, 20_000n)
  const newer = await on.pays(matter, 30_000n)
  expect(await retainer(matter.gid, 'refundable { amount { amount } online { amount } }')).toEqual({
    refundable: { amount: { amount: '600.00' }, online: { amount: '500.00' } },
  })

  const done = await api.mutate(
    'refundRetainer',
    { matterId: matter.gid, amount: usd('550') },
    `matter { retainer { balance { amount } refundsInFlight { amount } } } ${REFUND}`,
  )
  expect(done.matter.retainer).toEqual({ balance: { amount: '50.00' }, refundsInFlight: { amount: '500.00' } })
  expect(done.refund).toMatchObject({
    amount: { amount: '550.00' },
    otherMeans: { amount: '50.00' },
    status: 'ON_ITS_WAY',
    madeAtProvider: false,
    parts: [
      { amount: { amount: '300.00' }, means: 'ONLINE', status: 'PLANNED', payment: { reference: newer } },
      { amount: { amount: '200.00' }, means: 'ONLINE', status: 'PLANNED', payment: { reference: older } },
      { amount: { amount: '50.00' }, means: 'OTHER', status: 'TAKEN', providerRefundId: null },
    ],
  })

  const [first = '', second = ''] = await on.sends(matter, localId(done.refund.id))
  const asked = (await retainer(matter.gid, `refunds { nodes { parts { status providerRefundId } } }`)).refunds.nodes[0]
  expect(asked.parts[0]).toEqual({ status: 'IN_FLIGHT', providerRefundId: `re_${first}` })
  await on.partEnds(matter, first, 'refundTaken')
  await on.partEnds(matter, second, 'refundFailed')
  const after = await retainer(
    matter.gid,
    `balance { amount } refundsInFlight { amount } attention { code }
      refunds { nodes { status parts { status } } } transactions(first: 3) { nodes { kind direction amount { amount } refund { id } } }`,
  )
  expect(after).toMatchObject({
    balance: { amount: '250.00' },
    refundsInFlight: { amount: '0.00' },
    refunds: { nodes: [{ status: 'FAILED', parts: [{ status: 'TAKEN' }, { status: 'FAILED' }, { status: 'TAKEN' }] }] },
    transactions: {
      nodes: [
        { kind: 'REFUND_FAILED', direction: 'IN', amount: { amount: '200.00' }, refund: { id: done.refund.id } },
        {
          kind: 'REFUND_BY_OTHER_MEANS',
          direction: 'OUT',
          amount: { amount: '50.00' },
          refund: { id: done.refund.id },
        },
        { kind: 'REFUND_COMMANDED', direction: 'OUT', amount: { amount: '500.00' }, refund: { id: done.refund.id } },
      ],
    },
  })
  const codes = after.attention.map(({ code }: { code: string }) => code)
  expect(codes).toEqual(expect.arrayContaining(['REFUND_BY_OTHER_MEANS', 'REFUND_FAILED']))
})

test('R17: without an amount all that is available goes back, and repeating the key gives nothing back again', async () => {
  const matter = await on.enabled()
  await on.pays(matter, 70_000n)
  const input = { matterId: matter.gid, idempotencyKey: crypto.randomUUID() }
  const first = await api.mutate('refundRetainer', input, 'refund { id amount { amount } }')
  expect(first.refund.amount.amount).toBe('700.00')
  expect(await api.mutate('refundRetainer', input, 'refund { id amount { amount } }')).toEqual(first)
  expect((await retainer(matter.gid, 'refunds { nodes { id } }')).refunds.nodes).toHaveLength(1)
})

test('R17: in a currency of three digits, what the provider cannot send back is paid by other means, to the last unit', async () => {
  const firm = await createFirm(api.database.owner)
  await api.mutate('updatePracticeSettings', { currency: 'KWD' }, '__typename', { firm })
  const matter = await on.enabled(firm)
  await on.pays(matter, 10_000n)
  const cheque = { matterId: matter.gid, amount: { amount: '0.001', currencyCode: 'KWD' }, method: 'CHEQUE' }
  await api.mutate('recordOfflinePayment', cheque, '__typename', { firm })
  const input = { matterId: matter.gid, amount: { amount: '1.234', currencyCode: 'KWD' } }
  const { refund } = await api.mutate('refundRetainer', input, REFUND, { firm })
  const parts = refund.parts.map(({ means, amount }: { means: string; amount: { amount: string } }) => [
    means,
    amount.amount,
  ])
  expect(parts.toSorted()).toEqual([
    ['ONLINE', '1.230'],
    ['OTHER', '0.001'],
    ['OTHER', '0.003'],
  ])
  expect(refund.otherMeans.amount).toBe('0.004')
  const { viewer } = await api.data(
    '{ viewer { trialBalance { debits { amount } credits { amount currencyCode } accounts { account balance { amount } } } } }',
    {},
    { firm },
  )
  expect(viewer.trialBalance).toMatchObject({
    debits: { amount: '11.235' },
    credits: { amount: '11.235', currencyCode: 'KWD' },
  })
})

test('R18: a dispute shows with its deadline, and its money is missed from the balance', async () => {
  const matter = await on.enabled()
  const paymentId = await on.pays(matter, 30_000n)
  const invoice = { matterId: matter.gid, number: crypto.randomUUID(), amount: usd('100') }
  await api.mutate('recordInvoice', invoice, '__typename')
  const disputeId = await on.disputes(matter, paymentId, 30_000n)
  const shown = await retainer(
    matter.gid,
    `balance { amount } disputed { amount } refundable { amount { amount } } attention { code }
      disputes { nodes { reference amount { amount } status deadline withdrawn { amount } reinstated { amount } payment { reference disputed reversed { amount } } } }
      transactions(first: 1) { nodes { kind direction dispute { reference } balance { amount } } }`,
  )
  expect(shown).toMatchObject({
    balance: { amount: '-100.00' },
    disputed: { amount: '300.00' },
    refundable: { amount: { amount: '0.00' } },
    disputes: {
      nodes: [
        {
          reference: disputeId,
          amount: { amount: '300.00' },
          status: 'OPEN',
          deadline: '2030-01-15T23:59:59.000Z',
          withdrawn: { amount: '300.00' },
          reinstated: { amount: '0.00' },
          payment: { reference: paymentId, disputed: true, reversed: { amount: '300.00' } },
        },
      ],
    },
    transactions: {
      nodes: [
        { kind: 'REVERSAL', direction: 'OUT', dispute: { reference: disputeId }, balance: { amount: '-100.00' } },
      ],
    },
  })
  const codes = shown.attention.map(({ code }: { code: string }) => code)
  expect(codes).toEqual(expect.arrayContaining(['BELOW_ZERO', 'PAYMENT_DISPUTED', 'PAYMENT_REVERSED']))
})
