import { expect, test } from 'vitest'
import { debitStarted, type Opened, open, paidByCard } from './books.ts'

/** The forms of the page with this label on their button, as a browser would send them. */
async function forms({ sandbox }: Opened, label: string) {
  const page = await (await fetch(sandbox.url)).text()
  const found = page.matchAll(/<form class="act" method="post" action="([^"]+)">(.*?)<button>([^<]*)<\/button>/gs)
  return Array.from(found)
    .filter(([, , , text]) => text === label)
    .map(([, action = '', inputs = '']) => {
      const fields = inputs.matchAll(/name="([^"]*)" value="([^"]*)"/g)
      const body = new URLSearchParams(Array.from(fields, ([, name = '', value = '']) => [name, value]))
      return () => fetch(sandbox.url + action, { method: 'POST', body, redirect: 'manual' })
    })
}

async function press(opened: Opened, label: string): Promise<void> {
  const [send] = await forms(opened, label)
  const answer = await send?.()
  expect(answer?.status).toBe(303)
  expect(answer?.headers.get('location')).toBe('/')
}

test('every button of the dashboard does what it says, and is gone when it makes no sense any more', async () => {
  const opened = await open()
  const { stripe } = opened
  await debitStarted(opened)
  await press(opened, 'Settle')
  expect(await forms(opened, 'Settle')).toEqual([])
  await debitStarted(opened)
  const [failing] = await forms(opened, 'Fail')
  await press(opened, 'Fail')
  expect((await stripe.charges.list()).data.map(({ status }) => status)).toEqual(['failed', 'succeeded'])
  const again = await failing?.()
  expect([again?.status, await again?.text()]).toEqual([409, expect.stringContaining('not on its way')])

  await press(opened, 'Come back')
  expect((await stripe.disputes.list()).data).toMatchObject([{ status: 'lost' }])

  await paidByCard(opened)
  await press(opened, 'Refund')
  await press(opened, 'Fail')
  expect((await stripe.refunds.list()).data).toMatchObject([{ status: 'failed' }])
  await press(opened, 'Dispute')
  await press(opened, 'Win')
  expect((await stripe.disputes.list()).data.map(({ status }) => status)).toEqual(['won', 'lost'])
  await press(opened, 'Pay out platform now')
  expect((await stripe.payouts.list()).data).toMatchObject([{ status: 'paid' }])
  await press(opened, 'Fail')
  expect((await stripe.payouts.list()).data).toMatchObject([{ status: 'failed' }])
})

test('an account has a button of its own', async () => {
  const opened = await open()
  await paidByCard(opened, { stripeAccount: 'acct_firm' })
  await press(opened, 'Pay out acct_firm now')
  expect((await opened.stripe.payouts.list({}, { stripeAccount: 'acct_firm' })).data).toMatchObject([
    { amount: 97_070 },
  ])
})
