import { expect, test } from 'vitest'
import { open } from './books.ts'

test('a control that makes no sense is refused by name', async () => {
  const { sandbox, controls } = await open()
  const post = async (path: string, body: string) => {
    const response = await fetch(`${sandbox.url}/_control/${path}`, { method: 'POST', body })
    return [response.status, await response.text()]
  }
  expect(await post('payouts', '{')).toEqual([400, expect.stringContaining('not JSON')])
  expect(await post('payouts', '{"acount": ""}')).toEqual([400, expect.stringContaining('acount')])
  expect(await post('debits/pi_x/settle', '')).toEqual([404, expect.stringContaining('pi_x')])
  await expect(controls.refundFails('re_x')).rejects.toThrow('no refund re_x')
  await expect(controls.disputeWon('dp_x')).rejects.toThrow('no dispute dp_x')
  await expect(controls.payoutFails('po_x')).rejects.toThrow('no payout po_x')
  await expect(controls.behaves({ debitSettlesAfterMs: -1 })).rejects.toThrow('debitSettlesAfterMs')
  expect(await post('behaviour', '{"colour": "red"}')).toEqual([400, expect.stringContaining('colour')])
})

test('behaviour is changed setting by setting, is not touched by faults, and can be reset', async () => {
  const { sandbox, controls, faults } = await open()
  const current = async (method = 'GET') =>
    (await fetch(`${sandbox.url}/_control/behaviour`, { method })).json() as Promise<object>
  const usual = await current()
  await controls.behaves({ debitSettlesAfterMs: null })
  await controls.behaves({ nextRefunds: ['fails_later'] })
  await faults({})
  expect(await current()).toEqual({ ...usual, debitSettlesAfterMs: null, nextRefunds: ['fails_later'] })
  expect(await current('DELETE')).toEqual(usual)
})
