import { randomUUID } from 'node:crypto'
import { booked } from './booked.ts'
import { type Api, globalId, options, usd } from './support.ts'

/**
 * Files one thing of each kind for the api's firm. Answers their global ids by type, and for every mutation an input that names
 * what exists.
 */
export async function everything(api: Api) {
  const { gid: matterId, id } = await api.matter()
  await api.mutate('updateMatterBillingOptions', { matterId, ...options('1000') }, '__typename')
  await api.mutate('createOnline', { matterId }, '__typename')
  const { transaction } = await api.mutate(
    'recordOfflinePayment',
    { matterId, amount: usd('100'), method: 'CHEQUE' },
    'transaction { id }',
  )
  const recorded = { matterId, number: 'INV-1', amount: usd('10') }
  const { invoice } = await api.mutate('recordInvoice', recorded, 'invoice { id applications { id } }')
  const on = booked(api)
  const account = `acct_${api.firm.firmId.slice(0, 8)}`
  const other = await on.enabled()
  const paymentId = await on.pays(other, 5_000n)
  const { refund } = await api.mutate('refundRetainer', { matterId: other.gid, amount: usd('1') }, 'refund { id }')
  const disputeId = await on.disputes(other, paymentId, 1_000n)
  await on.paysOut('po_1', account, [{ kind: 'CHARGE', amountMinor: 5_000n, feeMinor: 10n, paymentId }])
  const late = await on.lateMoney(500n)
  await api.database.owner
    .insertInto('reconciliation')
    .values({ id: 'r-1', firm_id: api.firm.firmId, started_at: new Date() })
    .execute()
  const ids: Record<string, string> = {
    Payment: globalId('Payment', paymentId),
    RetainerRefund: refund.id,
    RetainerDispute: globalId('RetainerDispute', disputeId),
    Payout: globalId('Payout', `${account}/po_1`),
    Reconciliation: globalId('Reconciliation', 'r-1'),
    Firm: globalId('Firm', api.firm.firmId),
    Client: globalId('Client', api.firm.clientId),
    Matter: matterId,
    Retainer: globalId('Retainer', id),
    RetainerRequest: globalId('RetainerRequest', `${id}-r1`),
    RetainerTransaction: transaction.id,
    Invoice: invoice.id,
    RetainerApplication: invoice.applications[0].id,
  }
  const ofMatter = { matterId }
  const inputs: Record<string, object> = {
    updatePracticeSettings: { reminderHour: 10 },
    createClient: { name: 'Grace Hopper', email: 'grace@hopper.example' },
    updateClient: { clientId: ids['Client'], name: 'Augusta Ada King' },
    createMatter: { clientId: ids['Client'], number: randomUUID(), title: 'Another' },
    updateMatterBillingOptions: { ...ofMatter, ...options('1000') },
    createOnline: ofMatter,
    turnReplenishmentOff: ofMatter,
    withdrawRequest: ofMatter,
    recordOfflinePayment: { ...ofMatter, amount: usd('1'), method: 'OTHER' },
    recordInvoice: { ...ofMatter, number: randomUUID(), amount: usd('1') },
    applyRetainerToInvoice: { invoiceId: ids['Invoice'] },
    reverseApplication: { applicationId: ids['RetainerApplication'] },
    refundRetainer: ofMatter,
    transferRetainer: { ...ofMatter, toMatterId: other.gid, amount: usd('1') },
    assignUnappliedFunds: { ...ofMatter, paymentId: late.gid },
    refundUnappliedFunds: { paymentId: late.gid },
    startReconciliation: {},
    dismissFirmAttention: { code: 'X', subjectId: 'x' },
    dismissAttention: { ...ofMatter, code: 'MAIL_BOUNCED', subjectId: 'x' },
    closeMatter: ofMatter,
  }
  return { ids, inputs }
}
