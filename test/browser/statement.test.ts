import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { booked } from '../api/booked.ts'
import { type Api, startApi, usd } from '../api/support.ts'
import { DOCUMENT_LINKS, type Edge, startEdge } from '../edges/edge.ts'

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

// A newcomer's machine may have no Chromium; continuous integration installs it.
describe.skipIf(!existsSync(CHROMIUM))('in a browser', () => {
  let api: Api
  let edge: Edge
  let browser: Browser
  let page: Page
  const troubles: string[] = []

  beforeAll(async () => {
    api = await startApi({ documents: DOCUMENT_LINKS })
    edge = await startEdge(api.database.apiUrl)
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
    page = await browser.newPage({ viewport: { width: 1000, height: 1200 } })
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
  })
  afterAll(async () => {
    await browser?.close()
    await edge?.close()
    await api?.close()
  })

  test('a statement prints on A4 and Letter, over as many pages as it needs, under its strict policy', async () => {
    const on = booked(api)
    const matter = await on.enabled()
    for (let nth = 1; nth <= 30; nth++) {
      await on.pays(matter, 100_000n)
      const invoice = { matterId: matter.gid, number: `INV-${1000 + nth}`, amount: usd('842.50') }
      await api.mutate('recordInvoice', invoice, '__typename')
    }
    const { matter: found } = await api.data(
      `query ($id: ID!) { matter(id: $id) { retainer { balance { amount } statement(from: "2020-01-01", to: "2999-12-31") { printUrl } } } }`,
      { id: matter.gid },
    )
    const { pathname, search } = new URL(found.retainer.statement.printUrl)
    await page.goto(edge.url + pathname + search)

    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Retainer statement')
    expect(await page.getByRole('row').count()).toBe(1 + 1 + 60 + 1 + 1 + 2)
    const closing = page.getByRole('row', { name: /Balance so far/ })
    expect(await closing.getByRole('cell').last().innerText()).toBe('$4,725.00')
    expect(found.retainer.balance.amount).toBe('4725.00')

    for (const format of ['A4', 'Letter'] as const) {
      const pdf = await page.pdf({ format })
      const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length
      expect(pages, format).toBeGreaterThanOrEqual(2)
    }
    await page.emulateMedia({ media: 'print' })
    await page.setViewportSize({ width: 640, height: 900 })
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    await page.emulateMedia({ media: 'screen' })
    await page.setViewportSize({ width: 390, height: 800 })
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)
    expect(troubles, 'nothing the page’s own policy forbids').toEqual([])
  })
})
