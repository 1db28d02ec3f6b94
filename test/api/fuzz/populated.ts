import { createFirm, type TestFirm } from '../../support/firm.ts'
import { booked } from '../booked.ts'
import { type Api, globalId, options, type Picked, usd } from '../support.ts'
import type { Known } from './values.ts'

/** Fills the firm's books, and another firm's, with something of everything; answers the ids and cursors that the API tells of them. */
export async function populate(api: Api): Promise<Known> {
  const other = await createFirm(api.database.owner)
  await fill(api, api.firm)
  await fill(api, other)
  const own = await harvest(api, api.firm)
  const foreign = await harvest(api, other)
  return { ids: [...own.ids, ...foreign.ids], cursors: [...own.cursors, ...foreign.cursors] }
}

async function fill(api: Api, firm: TestFirm): Promise<void> {
  const on = booked(api)
  const mutate = (name: string, input: object, select = '__typename') => api.mutate(name, input, select, { firm })
  for (let nth = 0; nth < 4; nth++) {
    const matter = await on.enabled(firm)
    const matterId = matter.gid
    await mutate('updateMatterBillingOptions', { matterId, ...options('1000', ['500', '200']) })
    await mutate('createOnline', { matterId })
    const paymentId = await on.pays(matter, 100_000n)
    await on.pays(matter, 50_000n, { method: 'BANK_DEBIT' })
    await mutate('recordInvoice', { matterId, amount: usd('300'), number: `F-${nth}` })
    await mutate('recordOfflinePayment', { matterId, amount: usd('10'), method: 'CHEQUE', reference: `C-${nth}` })
    await mutate('refundRetainer', { matterId, amount: usd('20') })
    if (nth % 2 === 0) await on.disputes(matter, paymentId, 100_000n)
  }
  await on.lateMoney(7_000n, firm)
}

/** Everything that is called `id`, `cursor` or `endCursor` in the answer to a query that looks everywhere. */
async function harvest(api: Api, firm: TestFirm): Promise<Known> {
  const page = '{ edges { cursor node { id } } pageInfo { endCursor } }'
  const found = await api.data<Picked>(
    `{ viewer { firm { id } unappliedFunds ${page} payouts ${page} reconciliations ${page} }
       matters { edges { cursor node { id client { id } retainer { id requests ${page} transactions ${page} invoices ${page}
         refunds ${page} disputes ${page} decisions { edges { cursor } } } } } } }`,
    {},
    { firm },
  )
  const known: Known = { ids: [globalId('Client', firm.clientId)], cursors: [] }
  JSON.stringify(found, (key, value: unknown) => {
    if (typeof value === 'string' && key === 'id') known.ids.push(value)
    if (typeof value === 'string' && key.toLowerCase().endsWith('cursor')) known.cursors.push(value)
    return value
  })
  return known
}
