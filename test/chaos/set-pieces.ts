import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { patiently } from '../../src/demo/patiently.ts'
import { ask, gid } from '../practice/asking.ts'
import { BANK_ACCOUNT, payAtPage, payUrlOf } from '../practice/paying.ts'
import { type Firm, openMatter } from '../practice/practice.ts'
import type { Diary } from './diary.ts'
import { IN_FLIGHT_MS } from './guarantees/patience.ts'
import type { TroubleMaker } from './trouble-maker.ts'
import type { World } from './world.ts'

const usd = (amount: string) => ({ amount, currencyCode: 'USD' })

/**
 * What chance might leave out, before anybody else acts: a mail that waits for its provider and is stopped meanwhile, and a
 * debit that settles while the engine is away and the worker dies over it. Mails get through again when `mailsAgain` is there,
 * which takes longer than what was in flight.
 */
export async function playSetPieces(
  world: World,
  diary: Diary,
  trouble: TroubleMaker,
): Promise<{ mailsAgain: Promise<void> }> {
  const firm = world.practice.firms[0] as Firm
  const [stopped, paying] = await Promise.all([newMatter(world, firm), newMatter(world, firm)])
  await payByDebit(firm, paying)
  await stopQueuedMail(world, diary, trouble, firm, stopped)
  const mailsAgain = delay(IN_FLIGHT_MS + 2_000).then(() => world.network.resend.set({ kind: 'clear' }))
  await settleWhileAway(world, trouble, paying)
  return { mailsAgain }
}

async function newMatter({ practice }: World, firm: Firm): Promise<string> {
  return openMatter(practice.db, firm.id, firm.matterIds[0] as string)
}

/** R10: asks for a top-up while no mail gets through, and turns replenishment off once the mail has been tried. */
async function stopQueuedMail(
  { practice }: World,
  diary: Diary,
  trouble: TroubleMaker,
  firm: Firm,
  matterId: string,
): Promise<void> {
  const replenishment = { enabled: true, minimumBalance: usd('500.00'), topUpTriggerAmount: usd('0.00') }
  await ask(firm, 'updateMatterBillingOptions', {
    matterId: gid(matterId),
    enabled: true,
    payNewInvoices: 'AUTOMATIC',
    replenishment,
  })
  await trouble.cause({ kind: 'network', to: 'resend', weather: { kind: 'cut' }, forMs: 60_000 })
  await ask(firm, 'createOnline', { matterId: gid(matterId) })
  await patiently('the request’s mail was tried', async () => {
    const tried = practice.db.selectFrom('effect').select('id').where('matter_id', '=', matterId)
    return tried.where('first_tried_at', 'is not', null).executeTakeFirst()
  })
  await ask(firm, 'turnReplenishmentOff', { matterId: gid(matterId) })
  diary.stopped.push({ matterId, answeredAtMs: Date.now() })
}

async function payByDebit(firm: Firm, matterId: string): Promise<void> {
  await ask(firm, 'updateMatterBillingOptions', {
    matterId: gid(matterId),
    enabled: true,
    payNewInvoices: 'AUTOMATIC',
    initialAmount: usd('800.00'),
    replenishment: { enabled: false, minimumBalance: usd('0.00'), topUpTriggerAmount: usd('0.00') },
  })
  await ask(firm, 'createOnline', { matterId: gid(matterId) })
  await payAtPage((await payUrlOf(firm, matterId)) ?? '', 'all', BANK_ACCOUNT)
}

/** R12, R13: the settling's event is kept, its matter cannot be told, and the worker that tried dies. */
async function settleWhileAway({ practice, network }: World, trouble: TroubleMaker, matterId: string): Promise<void> {
  const { db, sandbox } = practice
  const paymentId = await patiently('the debit is on its way', async () => {
    const { rows } = await sql<{ id: string }>`select payment->>'paymentId' as id
      from retainer, jsonb_array_elements(state->'pending') as payment where matter_id = ${matterId}`.execute(db)
    return rows[0]?.id
  })
  await trouble.cause({ kind: 'network', to: 'temporal', weather: { kind: 'cut' }, forMs: 60_000 })
  const session = (await sandbox.sessionsOf(matterId)).find(({ payment_intent }) => payment_intent === paymentId)
  await sandbox.debitSettles(paymentId)
  await patiently('a worker has taken the event up', async () => {
    const taken = db
      .selectFrom('inbox')
      .select('id')
      .where('object_id', '=', session?.id ?? '')
    return taken
      .where('type', '=', 'checkout.session.async_payment_succeeded')
      .where('tries', '>', 0)
      .executeTakeFirst()
  })
  await trouble.cause({ kind: 'kill', part: 'worker' })
  await delay(1_000)
  network.temporal.set({ kind: 'clear' })
}
