import { afterAll, beforeAll, expect, test } from 'vitest'
import { effectOfTags } from '../../src/mail/effect-tag.ts'
import { createFirm } from '../support/firm.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import { until } from '../support/until.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

/** A matter of a firm and client of its own, about to ask for 1,000. */
async function newMatter() {
  const firm = await createFirm(life.database.owner)
  const matter = await life.matter({ firm })
  await matter.save({ initial: '1000.00' })
  const moveClientTo = (email: string) =>
    life.database.owner.updateTable('client').set({ email }).where('id', '=', firm.clientId).execute()
  return { matter, moveClientTo }
}

test('R12: a bounced mail raises attention; to the corrected address the request goes once more, by a person’s act', async () => {
  const { matter, moveClientTo } = await newMatter()
  await moveClientTo('moved.away@bounce.test')
  await matter.createOnline()
  const [bounced] = await matter.letters('client')
  await life.inbox.file({
    id: 'msg_bounced',
    source: 'resend',
    type: 'email.bounced',
    account: null,
    objectId: bounced?.id ?? '',
  })
  await matter.needsAttention('MAIL_BOUNCED')
  expect(await matter.templates('firm')).toEqual(['NEEDS_ATTENTION'])

  await moveClientTo('ada.king@lovelace.example')
  await life.days(3)
  expect(await matter.templates('client'), 'nothing goes out by itself').toEqual(['REQUEST'])
  await matter.createOnline()
  const letters = await matter.letters('client')
  expect(letters.map(({ to }) => to)).toEqual([['moved.away@bounce.test'], ['ada.king@lovelace.example']])
  expect(await matter.attention()).toEqual([])
})

test('R12: a mail that the provider refuses raises attention, and the firm is told', async () => {
  const { matter, moveClientTo } = await newMatter()
  await moveClientTo('nobody at all')
  await matter.ask({ kind: 'createOnline' })
  await matter.needsAttention('MAIL_REFUSED')
  expect(await matter.templates('client')).toEqual([])
  expect(await matter.templates('firm')).toEqual(['NEEDS_ATTENTION'])
  await moveClientTo('ada@lovelace.example')
  await matter.createOnline()
  expect(await matter.templates('client')).toEqual(['REQUEST'])
  expect(await matter.attention()).toEqual([])
})

test('R12: an answer that never came back sends no second mail: the same key, the same mail', async () => {
  const { matter } = await newMatter()
  await life.outbox.failing({ path: '/emails', times: 3, effect: { kind: 'disconnect', afterActing: true } })
  await matter.ask({ kind: 'createOnline' })
  await life.days(1)
  expect(await matter.templates('client')).toEqual(['REQUEST'])
  expect(await matter.attention()).toEqual([])
})

test('R12: every retry is the mail as it was first rendered, whatever became of names and amounts', async () => {
  const { matter, moveClientTo } = await newMatter()
  await life.outbox.failing({ path: '/emails', times: 1, effect: { kind: 'disconnect', afterActing: true } })
  await matter.ask({ kind: 'createOnline' })
  await until('the provider has it', async () => (await life.outbox.faultsLeft()) === 0)
  await moveClientTo('ada.king@lovelace.example')
  await life.days(1)
  expect((await matter.letters('client')).map(({ to }) => to)).toEqual([['ada@lovelace.example']])
  expect(await matter.attention(), 'the provider saw the same request again').toEqual([])
})

test('R10, R12: a mail that went out unnoticed and was stopped before the next try is known by its tag, and its bounce is told', async () => {
  const { matter } = await newMatter()
  await life.outbox.failing({ path: '/emails', times: 10_000, effect: { kind: 'disconnect', afterActing: true } })
  await matter.ask({ kind: 'createOnline' })
  await until('the provider has it', async () => (await matter.letters('client')).length === 1)
  expect(await matter.ask({ kind: 'withdrawRequest' })).toMatchObject({ ok: true })
  const [letter] = await matter.letters('client')
  const effectId = letter?.idempotency_key ?? ''
  const status = () =>
    life.database.owner.selectFrom('effect').select('status').where('id', '=', effectId).executeTakeFirst()
  expect(await status()).toEqual({ status: 'CANCELLED' })
  await life.outbox.healed()

  const tags = Object.fromEntries((letter?.tags ?? []).map(({ name, value }) => [name, value]))
  const event = { source: 'resend', account: null, objectId: letter?.id ?? '', effectId: effectOfTags(tags) } as const
  await life.inbox.file({ id: `msg_unnoticed_${matter.id}`, type: 'email.bounced', ...event })
  await matter.needsAttention('MAIL_BOUNCED')
  expect(await status()).toEqual({ status: 'DONE' })
})

test('R12: after 23 hours of silence a mail’s fate is unknown: never sent blindly again, a person is asked', async () => {
  const { matter } = await newMatter()
  await life.outbox.failing({ path: '/emails', times: 10_000, effect: { kind: 'disconnect', afterActing: true } })
  await matter.ask({ kind: 'createOnline' })
  await life.hoursOfTrouble(25)
  await life.outbox.healed()
  await life.hoursOfTrouble(0.2)
  await matter.needsAttention('MAIL_FATE_UNKNOWN')
  await life.days(2)
  expect(await matter.templates('client'), 'the provider had taken the very first try').toEqual(['REQUEST'])
  expect(await matter.templates('firm')).toEqual(['NEEDS_ATTENTION'])
  await life.days(6)
  expect(await matter.templates('client'), 'the matter goes on').toEqual(['REQUEST', 'REMINDER'])
})

test('R4, R12: a mail that the provider refused for more than a day, being over its quota, goes out once when it takes mail again, and says what holds then', async () => {
  const { matter, moveClientTo } = await newMatter()
  await life.outbox.failing({ path: '/emails', times: 10_000, effect: { kind: 'fail', status: 429 } })
  await matter.ask({ kind: 'createOnline' })
  await life.hoursOfTrouble(25)
  expect(await matter.templates('client')).toEqual([])
  await moveClientTo('ada.king@lovelace.example')
  await life.outbox.healed()
  await life.days(1)
  expect((await matter.letters('client')).map(({ to }) => to)).toEqual([['ada.king@lovelace.example']])
  const { message } = await life.database.owner
    .selectFrom('mail')
    .select('message')
    .where('matter_id', '=', matter.id)
    .executeTakeFirstOrThrow()
  expect(message, 'what is kept is what was sent').toMatchObject({ to: 'ada.king@lovelace.example' })
  expect(await matter.attention()).toEqual([])
})

test('R12: a mail given up just before its worker died is told to a person all the same', async () => {
  const { matter } = await newMatter()
  await life.outbox.failing({ path: '/emails', times: 10_000, effect: { kind: 'disconnect' } })
  await matter.ask({ kind: 'createOnline' })
  await until('the provider was called', async () => (await life.outbox.faultsLeft()) < 10_000)
  // The last that the worker got done: the note, but not the report to the engine.
  await life.database.owner
    .updateTable('effect')
    .set({ status: 'FAILED', failure: 'REFUSED' })
    .where('matter_id', '=', matter.id)
    .execute()
  await life.outbox.healed()
  await life.hoursOfTrouble(0.01)
  await matter.needsAttention('MAIL_REFUSED')
  expect(await matter.templates('client')).toEqual([])
})

test('R12: a slow mail provider holds up neither money nor answers', async () => {
  const { matter } = await newMatter()
  await life.outbox.failing({ path: '/emails', times: 1, effect: { kind: 'delay', delayMs: 12_000 } })
  await matter.ask({ kind: 'createOnline' })
  await until('the provider dawdles', async () => (await life.outbox.faultsLeft()) === 0)
  await matter.tell('paymentSettled', {
    paymentId: 'pi_meanwhile',
    amountMinor: '100000',
    providerAccount: 'platform',
    method: 'CARD',
    feeMinor: null,
    requestId: `${matter.id}-r1`,
    attemptId: null,
  })
  await until('the receipt is there', async () => (await matter.templates('client')).includes('RECEIPT'))
  expect(await matter.ask({ kind: 'turnReplenishmentOff' })).toMatchObject({ ok: true })
  expect(await matter.templates('client'), 'all before the request itself').toEqual(['RECEIPT'])
})
