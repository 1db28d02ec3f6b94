import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFirm } from '../support/firm.ts'
import { booked } from './booked.ts'
import { type Api, globalId, startApi } from './support.ts'

let api: Api
let on: ReturnType<typeof booked>
beforeAll(async () => {
  api = await startApi()
  on = booked(api)
})
afterAll(() => api.close())

test('payouts list what they consist of, so that every payment, refund and dispute can be ticked', async () => {
  const firm = await createFirm(api.database.owner)
  const asking = { firm }
  const matter = await on.enabled(firm)
  const account = `acct_${firm.firmId.slice(0, 8)}`
  const paymentId = await on.pays(matter, 50_000n)
  const other = await on.pays(matter, 10_000n)
  const disputeId = await on.disputes(matter, other, 10_000n)
  await on.paysOut('po_1', account, [
    { kind: 'CHARGE', amountMinor: 50_000n, feeMinor: 1_480n, paymentId },
    { kind: 'CHARGE', amountMinor: 10_000n, feeMinor: 320n, paymentId: other },
    { kind: 'DISPUTE', amountMinor: -10_000n, feeMinor: 1_500n, paymentId: other, disputeId },
  ])
  const page = (after: string | null) =>
    api.data(
      `query ($after: String) { viewer { payouts { nodes { reference account status gross { amount } fees { amount } net { amount }
        lines(first: 2, after: $after) { nodes { kind amount { amount } fee { amount } payment { reference } dispute { reference } refund { id } }
          pageInfo { hasNextPage endCursor } } } } } }`,
      { after },
      asking,
    )
  const [payout] = (await page(null)).viewer.payouts.nodes
  expect(payout).toMatchObject({
    reference: 'po_1',
    account,
    status: 'PAID',
    gross: { amount: '500.00' },
    fees: { amount: '33.00' },
    net: { amount: '467.00' },
  })
  expect(payout.lines.nodes).toMatchObject([
    { kind: 'CHARGE', amount: { amount: '500.00' }, fee: { amount: '14.80' }, payment: { reference: paymentId } },
    { kind: 'CHARGE', amount: { amount: '100.00' }, payment: { reference: other }, dispute: null },
  ])
  expect(payout.lines.pageInfo.hasNextPage).toBe(true)
  const [second] = (await page(payout.lines.pageInfo.endCursor)).viewer.payouts.nodes
  expect(second.lines.nodes).toMatchObject([
    { kind: 'DISPUTE', amount: { amount: '-100.00' }, fee: { amount: '15.00' }, dispute: { reference: disputeId } },
  ])
  expect((await api.data('{ viewer { payouts { nodes { id } } } }')).viewer.payouts.nodes).toEqual([])

  const { viewer } = await api.data(
    '{ viewer { trialBalance { debits { amount } credits { amount } accounts { account providerAccount balance { amount } } } } }',
    {},
    asking,
  )
  const { debits, credits, accounts } = viewer.trialBalance
  expect(debits).toEqual(credits)
  expect(accounts).toEqual([
    { account: 'MERCHANT_FEES', providerAccount: null, balance: { amount: '33.00' } },
    { account: 'OPERATING', providerAccount: null, balance: { amount: '467.00' } },
    { account: 'PAYMENTS_HOLDING', providerAccount: account, balance: { amount: '0.00' } },
    { account: 'RETAINER', providerAccount: null, balance: { amount: '-500.00' } },
  ])
})

test('a reconciliation is started once a key, and shows its progress and what does not agree', async () => {
  const started: string[] = []
  const mine = await startApi({ startReconciliation: async (_firmId, id) => void started.push(id) })
  try {
    const idempotencyKey = crypto.randomUUID()
    const select = 'reconciliation { id status step done total finishedAt }'
    const first = await mine.mutate('startReconciliation', { idempotencyKey }, select)
    expect(first.reconciliation).toBeNull()
    const [id = ''] = started
    const { owner } = mine.database
    const { firmId } = mine.firm
    const matter = await mine.matter()
    await owner
      .insertInto('reconciliation')
      .values({ id, firm_id: firmId, step: 'PROVIDER', done: 3, total: 7, started_at: new Date() })
      .execute()
    const again = await mine.mutate('startReconciliation', { idempotencyKey }, select)
    expect(again.reconciliation).toMatchObject({ status: 'RUNNING', step: 'PROVIDER', done: 3, total: 7 })
    expect(started, 'begun, it is not started again').toHaveLength(1)

    await owner
      .insertInto('reconciliation_difference')
      .values([
        {
          reconciliation_id: id,
          line: 1,
          firm_id: firmId,
          check: 'PROVIDER',
          code: 'PAYMENT_MISSING',
          subject: 'pi_1',
          matter_id: matter.id,
          expected: '500.00',
          found: null,
        },
      ])
      .execute()
    await owner
      .insertInto('firm_attention')
      .values({ firm_id: firmId, code: 'RECONCILIATION_DIFFERENCE', subject_id: id, since: new Date() })
      .execute()
    const { viewer } = await mine.data(
      `{ viewer { attention { code subjectId message advice } reconciliations { nodes { id differences { nodes { check code subject expected found matter { id } } } } } } }`,
    )
    expect(viewer.reconciliations.nodes).toEqual([
      {
        id: globalId('Reconciliation', id),
        differences: {
          nodes: [
            {
              check: 'PROVIDER',
              code: 'PAYMENT_MISSING',
              subject: 'pi_1',
              expected: '500.00',
              found: null,
              matter: { id: matter.gid },
            },
          ],
        },
      },
    ])
    expect(viewer.attention).toMatchObject([{ code: 'RECONCILIATION_DIFFERENCE', subjectId: id }])
  } finally {
    await mine.close()
  }
})
