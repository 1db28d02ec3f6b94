import { afterAll, beforeAll, expect, test } from 'vitest'
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

const UNAPPLIED = '{ viewer { unappliedFunds { nodes { id unapplied { amount } amount { amount } matter { id } } } } }'

test('R19: a transfer is one entry, with a line on each matter’s tab that names the other', async () => {
  const [from, to] = [await on.enabled(), await on.enabled()]
  await on.pays(from, 90_000n)
  const done = await api.mutate(
    'transferRetainer',
    { matterId: from.gid, toMatterId: to.gid, amount: usd('250') },
    `matter { retainer { balance { amount } } } toMatter { id retainer { balance { amount } events(after: 1) { type sequence } } }
      transaction { kind direction amount { amount } otherMatter { id } }`,
  )
  expect(done).toMatchObject({
    matter: { retainer: { balance: { amount: '650.00' } } },
    toMatter: {
      id: to.gid,
      retainer: { balance: { amount: '250.00' }, events: [{ type: 'TRANSFERRED_IN', sequence: 2 }] },
    },
    transaction: { kind: 'TRANSFER', direction: 'OUT', amount: { amount: '250.00' }, otherMatter: { id: to.gid } },
  })
  expect(await retainer(to.gid, 'transactions { nodes { kind direction otherMatter { id } } }')).toEqual({
    transactions: { nodes: [{ kind: 'TRANSFER', direction: 'IN', otherMatter: { id: from.gid } }] },
  })
  // Behind a transfer, what came by it can be refunded to the payment it came from.
  expect(await retainer(to.gid, 'refundable { online { amount } }')).toEqual({
    refundable: { online: { amount: '250.00' } },
  })
})

test('R15, R20: money that came after closing is listed, and a matter of the client can take it on', async () => {
  const { gid, paymentId, matter: closed } = await on.lateMoney(33_000n)
  const { viewer } = await api.data(UNAPPLIED)
  expect(viewer.unappliedFunds.nodes).toEqual([
    { id: gid, unapplied: { amount: '330.00' }, amount: { amount: '330.00' }, matter: { id: closed.gid } },
  ])
  const taker = await on.enabled()
  const input = { paymentId: gid, matterId: taker.gid, idempotencyKey: crypto.randomUUID() }
  const select = 'matter { retainer { balance { amount } } } payment { unapplied { amount } matter { id } }'
  const done = await api.mutate('assignUnappliedFunds', input, select)
  expect(done).toMatchObject({
    matter: { retainer: { balance: { amount: '330.00' } } },
    payment: { unapplied: { amount: '0.00' }, matter: { id: taker.gid } },
  })
  expect((await api.data(UNAPPLIED)).viewer.unappliedFunds.nodes).toEqual([])
  expect(await api.mutate('assignUnappliedFunds', input, select), 'the same key, sent again').toEqual(done)
  expect(await retainer(taker.gid, 'transactions { nodes { kind payment { reference } } }')).toEqual({
    transactions: { nodes: [{ kind: 'UNAPPLIED_ASSIGNED', payment: { reference: paymentId } }] },
  })
})

test('R15, R17, R20: money that came after closing can go back, in part and then the rest', async () => {
  const { gid, matter } = await on.lateMoney(20_000n)
  const select = `payment { unapplied { amount } refunded { amount } } ${REFUND}`
  const part = await api.mutate('refundUnappliedFunds', { paymentId: gid, amount: usd('50') }, select)
  expect(part).toMatchObject({
    payment: { unapplied: { amount: '150.00' }, refunded: { amount: '50.00' } },
    refund: { amount: { amount: '50.00' }, status: 'ON_ITS_WAY' },
  })
  const input = { paymentId: gid, idempotencyKey: crypto.randomUUID() }
  const rest = await api.mutate('refundUnappliedFunds', input, select)
  expect(rest.payment).toEqual({ unapplied: { amount: '0.00' }, refunded: { amount: '200.00' } })
  expect(await api.mutate('refundUnappliedFunds', input, select), 'the same key, sent again').toEqual(rest)
  for (const { refund } of [part, rest]) {
    const [partId = ''] = await on.sends(matter, localId(refund.id))
    await on.partEnds(matter, partId, 'refundTaken')
  }
  const { nodes } = (await retainer(matter.gid, 'refunds { nodes { status } }')).refunds
  expect(nodes).toEqual([{ status: 'DONE' }, { status: 'DONE' }])
})
