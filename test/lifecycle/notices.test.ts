import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Notice } from '../../activities/books-wire.ts'
import { startNotice } from '../../src/start-notice.ts'
import { noticeWorkflowId } from '../../workflows/books-contract.ts'
import { createFirm } from '../support/firm.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'

const NEVER = { path: '/emails', times: 10_000, effect: { kind: 'fail', status: 500 } } as const

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

test('R12: while the firm cannot be mailed of what was found, its payout’s next event is booked and its books are reconciled again', async () => {
  const account = 'acct_notices'
  const firm = await createFirm(life.database.owner, { stripeAccount: account })
  const matter = await life.matter({ firm })
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()
  await matter.paysOnline('1000.00')
  await life.news.deliver()
  const [payout] = await life.sandbox.payOut(account)
  await life.news.deliver()

  await life.outbox.failing(NEVER)
  await life.sandbox.payoutFails(payout?.id ?? '')
  await life.news.deliver({ inTrouble: true })
  expect(await told(firm.firmId)).toEqual(['PAYOUT_FAILED'])
  const again = {
    id: 'evt_again',
    source: 'stripe',
    type: 'payout.failed',
    account,
    objectId: payout?.id ?? '',
  } as const
  await life.inbox.file(again)
  await life.news.booked()

  const paymentId = await changePayment(firm.firmId, 1n)
  const difference = `PAYMENT_AMOUNT ${paymentId}: 100000, 100001`
  expect(await life.reconcile(firm)).toContain(difference)
  expect(await life.reconcile(firm), 'a second run begins and ends').toContain(difference)
  await changePayment(firm.firmId, -1n)

  await life.outbox.healed()
  await life.days(1)
  const mails = await life.database.owner
    .selectFrom('mail')
    .select('template')
    .where('firm_id', '=', firm.firmId)
    .where('template', '=', 'NEEDS_ATTENTION')
    .execute()
  expect(mails, 'the payout and both reconciliations are told').toHaveLength(3)
})

test('R15: a notice that cannot be mailed to its firm says so, to whoever looks at its workflow', async () => {
  const firm = await createFirm(life.database.owner)
  await life.database.owner
    .updateTable('firm')
    .set({ notifications_email: 'nobody at all' })
    .where('id', '=', firm.firmId)
    .execute()
  const { rows } = await sql<{ notice: Notice }>`select book_unapplied(${JSON.stringify({
    firmId: firm.firmId,
    paymentId: 'pi_untold',
    amountMinor: '700',
    providerAccount: 'platform',
    method: 'CARD',
    feeMinor: null,
    inboxId: null,
    atMs: await life.now(),
  })}::jsonb) as notice`.execute(life.database.owner)
  const [row] = rows
  if (!row) throw new Error('The books did not answer.')
  await startNotice(life.engine.client, row.notice)
  const workflow = life.engine.client.workflow.getHandle(noticeWorkflowId(row.notice.id))
  expect(await workflow.result()).toEqual({ outcome: 'failed', reason: 'REFUSED' })
  const page = await workflow.query<{ currentDetails?: string }>('__temporal_workflow_metadata')
  expect(page.currentDetails).toContain('The firm was not told')
})

async function told(firmId: string): Promise<string[]> {
  const rows = await life.database.owner
    .selectFrom('firm_attention')
    .select('code')
    .where('firm_id', '=', firmId)
    .execute()
  return rows.map(({ code }) => code)
}

/** Changes the firm's payment in the books, as nothing of the product could: its id. */
async function changePayment(firmId: string, byMinor: bigint): Promise<string> {
  const { id } = await life.database.owner
    .updateTable('payment')
    .set((eb) => ({ amount_minor: eb('amount_minor', '+', byMinor) }))
    .where('firm_id', '=', firmId)
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
