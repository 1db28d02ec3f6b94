import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { developmentToken, GraphQLClient } from '../../src/demo/graphql-client.ts'
import { retainerWorkflowId } from '../../workflows/contract.ts'
import { reconcile } from '../practice/reconcile.ts'
import { FarSide } from '../support/far-side.ts'
import { askedMatter, mailsTo, startWholeStack, type WholeStack } from '../support/stack.ts'

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const QUIET = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update']

// A newcomer's machine may have no Chromium; continuous integration installs it.
describe.skipIf(!existsSync(CHROMIUM))('in a browser', () => {
  let whole: WholeStack
  let browser: Browser
  let page: Page
  const troubles: string[] = []

  beforeAll(async () => {
    whole = await startWholeStack()
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-sync', ...QUIET],
    })
    page = await browser.newPage({ viewport: { width: 1400, height: 1000 } })
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
  })
  afterAll(async () => {
    await browser?.close()
    await whole?.stack.stop()
  })

  async function firmsApi(): Promise<GraphQLClient> {
    const { urls } = whole.stack
    return new GraphQLClient(urls.graphql, await developmentToken(urls.token ?? '', ['ADMIN']))
  }

  test('R12, R14: a client pays a part by the mail’s link and sees the posting, then what remains', async () => {
    const { matterId, payUrl } = await askedMatter(whole.desk, '1000.00')
    await page.goto(payUrl)
    expect(await page.getByText('$1,000.00').first().isVisible()).toBe(true)
    await page.getByLabel('Amount in USD').fill('900.00')
    await page.keyboard.press('Enter')

    await page.waitForURL(`${whole.sandboxUrl}/c/pay/**`)
    await page.getByRole('button', { name: /Pay/ }).click()
    await page.waitForURL('**/thanks/**')
    await page.getByText('$900.00').first().waitFor()
    await page.getByText('$100.00').first().waitFor()
    expect(await whole.desk.settled(matterId)).toEqual({ amountDue: '100.00', balance: '900.00' })

    await page.goto(payUrl)
    await page.getByText('$100.00').first().waitFor()
    expect(troubles, 'nothing the page’s own policy forbids').toEqual([])
  })

  test('R13, R17: money from a bank account is on its way until it settles, and can then be sent back and printed', async () => {
    const { matterId, payUrl } = await askedMatter(whole.desk, '1000.00')
    const sandbox = new FarSide(whole.sandboxUrl)
    await sandbox.behaves({ debitSettlesAfterMs: null })
    await page.goto(payUrl)
    await page.getByRole('button', { name: /Pay \$1,000.00/ }).click()
    await page.waitForURL(`${whole.sandboxUrl}/c/pay/**`)
    const session = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    await page.getByLabel('US bank account').check()
    await page.getByRole('button', { name: /Pay/ }).click()
    await page.waitForURL('**/thanks/**')
    await page.getByRole('heading', { name: 'Your payment is on its way' }).waitFor()
    expect(await page.getByText('several business days').isVisible()).toBe(true)
    const thanks = page.url()
    await page.goto(payUrl)
    expect(await page.getByText('a bank payment that covers this request is on its way').isVisible()).toBe(true)

    await sandbox.debitSettles(await sandbox.paymentOf(session))
    expect(await whole.desk.settled(matterId, { balance: '1000.00' })).toEqual({
      amountDue: '0.00',
      balance: '1000.00',
    })
    await page.goto(thanks)
    await page.getByText('Your payment is posted to your retainer.').waitFor()

    const api = await firmsApi()
    const { refundRetainer } = await api.run<{ refundRetainer: { __typename: string } }>(
      `mutation ($key: ID!, $matterId: ID!) { refundRetainer(input: { idempotencyKey: $key, matterId: $matterId,
        amount: { amount: "400.00", currencyCode: USD } }) { __typename } }`,
      { key: randomUUID(), matterId },
    )
    expect(refundRetainer.__typename).toBe('RefundRetainerPayload')
    const retainer = async () => {
      const { matter } = await api.run<{ matter: { retainer: Tab } }>(
        `query ($id: ID!) { matter(id: $id) { retainer { refundsInFlight { amount } refunds { nodes { status } }
          statement(from: "2020-01-01", to: "2999-12-31") { closing { amount } printUrl } } } }`,
        { id: matterId },
      )
      return matter.retainer
    }
    await expect.poll(async () => (await retainer()).refunds.nodes).toEqual([{ status: 'DONE' }])
    const { statement, refundsInFlight } = await retainer()
    expect([statement.closing.amount, refundsInFlight.amount]).toEqual(['600.00', '0.00'])
    await page.goto(statement.printUrl)
    expect(
      await page
        .getByRole('row', { name: /Refund/ })
        .first()
        .isVisible(),
    ).toBe(true)
    expect(await page.getByRole('row', { name: /Balance so far.*\$600\.00/ }).isVisible()).toBe(true)
    await expect
      .poll(() => mailsTo(whole.outboxUrl, 'ada.byron@client.example'))
      .toContainEqual(expect.stringMatching(/^Refund: \$400\.00 for matter /))
    expect(troubles, 'nothing the pages’ own policies forbid').toEqual([])
  })

  test('R14: a declined card leaves everything as it was, and another can be tried', async () => {
    const { matterId, payUrl } = await askedMatter(whole.desk, '1000.00')
    await page.goto(payUrl)
    await page.getByRole('button', { name: /Pay \$1,000.00/ }).click()
    await page.waitForURL(`${whole.sandboxUrl}/c/pay/**`)
    await page.locator('input[value="4000000000000002"], input[value="4000 0000 0000 0002"]').check()
    await page.getByRole('button', { name: /Pay/ }).click()
    await page
      .getByText(/declined/i)
      .first()
      .waitFor()
    expect(await whole.desk.settled(matterId)).toEqual({ amountDue: '1000.00', balance: '0.00' })
    await page.locator('input[value="4242424242424242"], input[value="4242 4242 4242 4242"]').check()
    await page.getByRole('button', { name: /Pay/ }).click()
    await page.waitForURL('**/thanks/**')
    expect(await whole.desk.settled(matterId, { balance: '1000.00' })).toEqual({
      amountDue: '0.00',
      balance: '1000.00',
    })
  })

  test('after all of that, a reconciliation on demand finds nothing', async () => {
    expect(await reconcile({ api: await firmsApi() })).toEqual({ status: 'CLEAN', differences: [] })
  }, 300_000)

  test('R21: an operator reads in the Web UI how the matter stands, and why', async () => {
    const { matterId } = await askedMatter(whole.desk, '1000.00')
    const uuid = Buffer.from(matterId, 'base64').toString().split(':').at(-1) ?? ''
    const workflow = encodeURIComponent(retainerWorkflowId(uuid))
    await page.goto(`${whole.webUiUrl}/namespaces/default/workflows/${workflow}`)
    await page.waitForURL('**/timeline')
    await page.goto(page.url().replace(/timeline$/, 'user-metadata'))
    // The Web UI shows Markdown in a frame of its own.
    const shown = async () =>
      (await Promise.all(page.frames().map((frame) => frame.locator('body').innerText())))
        .join(' ')
        .replace(/\s+/g, ' ')
    await expect.poll(shown).toContain('Phase REQUESTED')
    await expect.poll(shown).toContain('Request 1 was opened and sent for 1000.00 USD.')
  })
})

interface Tab {
  refundsInFlight: { amount: string }
  refunds: { nodes: { status: string }[] }
  statement: { closing: { amount: string }; printUrl: string }
}
