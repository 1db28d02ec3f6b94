import { afterAll, beforeAll, expect, test } from 'vitest'
import { composeMail } from '../../activities/compose-mail.ts'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { booked } from '../api/booked.ts'
import { type Api, options, startApi, usd } from '../api/support.ts'

let api: Api
let worker: Database
let on: ReturnType<typeof booked>
beforeAll(async () => {
  api = await startApi()
  worker = openDatabase(api.database.workerUrl, { name: 'test-mail', max: 2 })
  on = booked(api)
})
afterAll(async () => {
  await worker?.destroy()
  await api?.close()
})

type MailEffect = Parameters<typeof composeMail>[2]

/** The mails planned for a matter, each as `<template> <subject>`, in order. */
async function planned(matterId: string): Promise<Map<string, MailEffect>> {
  const rows = await api.database.owner
    .selectFrom('effect')
    .select('body')
    .where('matter_id', '=', matterId)
    .where('kind', '=', 'MAIL')
    .orderBy('planned_at')
    .execute()
  const effects = rows.map(({ body }) => body as unknown as MailEffect)
  return new Map(effects.map((effect) => [`${effect.template} ${effect.subjectId}`, effect]))
}

/** Writes the mail that was planned under this template and the beginning of its subject. */
async function written(matter: { id: string }, template: string, subject = '') {
  const effects = [...(await planned(matter.id))].filter(([key]) => key.startsWith(`${template} ${subject}`))
  const effect = effects.at(-1)?.[1]
  if (!effect) throw new Error(`No ${template} was planned.`)
  const about = { firmId: api.firm.firmId, matterId: matter.id }
  const letter = await composeMail({ db: worker, payUrl: (id) => `https://pay.example/${id}` }, about, effect)
  return letter && { to: letter.message.to, subject: letter.message.subject, text: letter.message.text ?? '' }
}

const localId = (gid: string) => Buffer.from(gid, 'base64').toString().split(':').slice(1).join(':')

test('R17: the refund notice tells the client what goes back to which payment, as the books have it', async () => {
  const matter = await on.enabled()
  await api.mutate('recordOfflinePayment', { matterId: matter.gid, amount: usd('40'), method: 'CHEQUE' }, '__typename')
  const debit = await on.pays(matter, 20_000n, { method: 'BANK_DEBIT' })
  const card = await on.pays(matter, 30_000n)
  const { refund } = await api.mutate('refundRetainer', { matterId: matter.gid }, 'refund { id }')
  expect([...(await planned(matter.id)).keys()].filter((key) => key.startsWith('REFUND_NOTICE'))).toEqual([])
  await on.sends(matter, localId(refund.id))
  const mail = await written(matter, 'REFUND_NOTICE')
  expect(mail?.to).toBe(api.firm.clientEmail)
  expect(mail?.subject).toMatch(/^Refund: \$540\.00 for matter /)
  expect(mail?.text).toMatch(new RegExp(`To your card payment of \\w+ \\d+, \\d+ \\(${card}\\) +\\$300\\.00`))
  expect(mail?.text).toMatch(new RegExp(`To your bank payment of \\w+ \\d+, \\d+ \\(${debit}\\) +\\$200\\.00`))
  expect(mail?.text).toMatch(/By other means +\$40\.00/)
  const firm = await written(matter, 'NEEDS_ATTENTION', 'REFUND_BY_OTHER_MEANS')
  expect(firm?.to).toBe(api.firm.firmEmail)
  expect(firm?.text).toMatch(/Amount +\$40\.00/)
})

test('R17: a refund of which every part was refused meanwhile is not announced; the firm learns of each part', async () => {
  const matter = await on.enabled()
  const paymentId = await on.pays(matter, 20_000n)
  const { refund } = await api.mutate('refundRetainer', { matterId: matter.gid }, 'refund { id }')
  const [partId = ''] = await on.sends(matter, localId(refund.id))
  await on.partEnds(matter, partId, 'refundFailed')
  expect(await written(matter, 'REFUND_NOTICE')).toBeNull()
  const firm = await written(matter, 'NEEDS_ATTENTION', 'REFUND_FAILED')
  expect(firm?.text).toMatch(/Amount +\$200\.00/)
  expect(firm?.text).toMatch(new RegExp(`Payment reference +${paymentId}`))
})

test('R18: the firm is told of a dispute with its amount, its payment, and the deadline in its own time', async () => {
  const matter = await on.enabled()
  const paymentId = await on.pays(matter, 50_000n)
  const disputeId = await on.disputes(matter, paymentId, 30_000n)
  const disputed = await written(matter, 'NEEDS_ATTENTION', 'PAYMENT_DISPUTED')
  expect(disputed?.subject).toContain('$300.00')
  expect(disputed?.text).toMatch(/Act by +January 15, 2030 at 6:59 PM EST/)
  expect(disputed?.text).toMatch(
    new RegExp(`Payment reference +${paymentId}\\n.*Reference of the dispute +${disputeId}`, 's'),
  )
  const reversed = await written(matter, 'NEEDS_ATTENTION', 'PAYMENT_REVERSED')
  expect(reversed?.text).toMatch(/Amount +\$300\.00/)
  expect(reversed?.text).not.toContain('Act by')
})

test('R18: a new deadline is told again, with the day that holds now', async () => {
  const matter = await on.enabled()
  const paymentId = await on.pays(matter, 50_000n)
  const disputeId = await on.disputes(matter, paymentId, 30_000n)
  await on.tell(matter, { kind: 'disputeDue', disputeId, paymentId, deadlineMs: Date.UTC(2030, 1, 2, 12) })
  const mail = await written(matter, 'NEEDS_ATTENTION', 'PAYMENT_DISPUTED')
  expect(mail?.text).toMatch(/Act by +February 2, 2030 at 7:00 AM EST/)
  expect(mail?.text).toMatch(/Amount +\$300\.00/)
})

test('R17: a refund that waits is told with its amount', async () => {
  const matter = await on.enabled()
  await on.pays(matter, 20_000n)
  const { refund } = await api.mutate('refundRetainer', { matterId: matter.gid }, 'refund { id }')
  const refundId = localId(refund.id)
  const at = { firmId: api.firm.firmId, matterId: matter.id }
  await api.books.tell(at, { kind: 'refundWaits', refundId }, `refund:${refundId}:waits`)
  const mail = await written(matter, 'NEEDS_ATTENTION', 'REFUND_WAITS')
  expect(mail?.text).toMatch(/Amount +\$200\.00/)
})

test('R17, R20: a refund that fails after closing is told as what lies in unapplied funds now', async () => {
  const matter = await on.enabled()
  const paymentId = await on.pays(matter, 50_000n)
  const invoice = { matterId: matter.gid, number: crypto.randomUUID(), amount: usd('300') }
  await api.mutate('recordInvoice', invoice, '__typename')
  const { refund } = await api.mutate('refundRetainer', { matterId: matter.gid }, 'refund { id }')
  const refundId = localId(refund.id)
  const account = `acct_${api.firm.firmId.slice(0, 8)}`
  const [partId = ''] = await on.sends(matter, refundId)
  await on.partEnds(matter, partId, 'refundTaken')
  await api.mutate('closeMatter', { matterId: matter.gid }, '__typename')
  const part = {
    refundId,
    partId,
    paymentId,
    amountMinor: 20_000n,
    providerAccount: account,
    source: 'RETAINER',
  } as const
  await on.tell(matter, { kind: 'refundFailed', ...part, wasTaken: true })
  const mail = await written(matter, 'NEEDS_ATTENTION', 'UNAPPLIED_FUNDS')
  expect(mail?.subject).toContain('$200.00')
})

test('R18: below zero is told with the balance, and not with the matter’s inner id', async () => {
  const matter = await on.enabled()
  const paymentId = await on.pays(matter, 10_000n)
  const invoice = { matterId: matter.gid, number: crypto.randomUUID(), amount: usd('100') }
  await api.mutate('recordInvoice', invoice, '__typename')
  await on.disputes(matter, paymentId, 10_000n)
  const mail = await written(matter, 'NEEDS_ATTENTION', 'BELOW_ZERO')
  expect(mail?.text).toMatch(/Retainer balance +-\$100\.00/)
  expect(mail?.text).not.toContain(matter.id)
})

test('R15: money taken out of unapplied funds gets a receipt, for what was taken on, in the words of its payment', async () => {
  const late = await on.lateMoney(12_000n)
  const attention = await written(late.matter, 'NEEDS_ATTENTION', 'UNAPPLIED_FUNDS')
  expect(attention?.subject).toContain('$120.00')
  const taker = await on.enabled()
  await api.mutate('assignUnappliedFunds', { paymentId: late.gid, matterId: taker.gid }, '__typename')
  const receipt = await written(taker, 'RECEIPT')
  expect(receipt?.text).toMatch(/Amount received +\$120\.00/)
  expect(receipt?.text).toMatch(/Paid by +Card/)
  expect(receipt?.text).toMatch(new RegExp(`Reference +${late.paymentId}`))
  expect(receipt?.text).toMatch(/Retainer balance +\$120\.00/)
})

test('R13: a request sent while money is on its way names it, and asks for the rest only', async () => {
  const matter = await api.matter()
  await api.mutate('updateMatterBillingOptions', { matterId: matter.gid, ...options('1000') }, '__typename')
  await on.tell(matter, { kind: 'paymentPending', paymentId: 'pi_debit', amountMinor: 40_000n, attemptId: null })
  await api.mutate('createOnline', { matterId: matter.gid }, '__typename')
  const mail = await written(matter, 'REQUEST')
  expect(mail?.subject).toContain('$600.00')
  expect(mail?.text).toContain('A bank payment of $400.00 is on its way to us.')
})
