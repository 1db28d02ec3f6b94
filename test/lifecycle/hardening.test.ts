import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { retainerWorkflowId } from '../../workflows/contract.ts'
import { type Lifecycle, startLifecycle } from '../support/lifecycle.ts'
import { until } from '../support/until.ts'

let life: Lifecycle
beforeAll(async () => {
  life = await startLifecycle()
})
afterAll(() => life?.end())

test('malformed messages, as a person at the Web UI may send them, never stop a matter', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()
  const handle = life.engine.client.workflow.getHandle(matter.workflowId)
  await handle.signal('sessionEnded')
  await handle.signal('sessionEnded', 'a text')
  await handle.signal('sessionEnded', { attemptId: 'x', noteMinor: 'abc' })
  await handle.signal('paymentSettled', { paymentId: 'pi_1', amountMinor: 'much' })
  await handle.signal('paymentSettled', null)
  const command = { key: randomUUID(), inputHash: 'web-ui' }
  await expect(handle.executeUpdate('withdrawRequest', { args: [{ key: '' }] })).rejects.toThrow()
  await expect(handle.executeUpdate('withdrawRequest', { args: [] })).rejects.toThrow()
  const answer = await handle.executeUpdate('withdrawRequest', { args: [{ ...command, noteMinor: 'abc' }] })
  expect(answer).toMatchObject({ ok: true })
})

test('R9: after an absence over several reminder days the client gets one reminder, not all of them', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  await matter.createOnline()
  await matter.loseEngine()
  await life.hoursOfTrouble(40 * 24)
  await matter.send({ kind: 'dismissAttention', code: 'NONE', subjectId: 'none' })
  await matter.send({ kind: 'dismissAttention', code: 'NONE', subjectId: 'none' })
  await until('the reminder is decided', async () => (await matter.decisions()).includes('R9 REMINDER_SENT'))
  const decisions = await matter.decisions()
  expect(decisions.filter((code) => code === 'R9 REMINDER_SENT')).toHaveLength(1)
  expect(decisions).toContain('R9 REMINDERS_MERGED')
})

test('the same command refused before anything was saved is refused again, whatever was saved since', async () => {
  const matter = await life.matter()
  const key = randomUUID()
  const refused = { ok: false, refusal: { code: 'RetainerNotEnabled' } }
  expect(await matter.send({ kind: 'createOnline' }, key)).toEqual(refused)
  await matter.save({ initial: '1000.00' })
  expect(await matter.send({ kind: 'createOnline' }, key)).toEqual(refused)
  expect((await matter.figures()).phase).toBe('DUE')
})

test('R20: attention on a closed matter can still be seen to', async () => {
  const matter = await life.matter()
  await matter.save({ initial: '1000.00' })
  const client = life.engine.client.workflow
  await client.getHandle(retainerWorkflowId(matter.id)).signal('mailBounced', { mailId: 'm-1', recipient: 'FIRM' })
  await matter.createOnline()
  await client.getHandle(matter.workflowId).signal('mailBounced', { mailId: 'm-2', recipient: 'FIRM' })
  await matter.close()
  expect(await matter.send({ kind: 'dismissAttention', code: 'MAIL_BOUNCED', subjectId: 'm-2' })).toMatchObject({
    ok: true,
  })
})
