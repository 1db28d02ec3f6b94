import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { startApi } from '../api/support.ts'
import { startEdge } from '../edges/edge.ts'
import { until } from '../support/until.ts'

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

// A newcomer's machine may have no Chromium; continuous integration installs it.
test.skipIf(!existsSync(CHROMIUM))(
  'GraphiQL opens with the story, knows the schema, and needs nothing that its policy forbids',
  async () => {
    const api = await startApi({ development: true })
    const edge = await startEdge(api.database.apiUrl, { graphql: api.handle })
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
    try {
      const page = await browser.newPage()
      const troubles: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') troubles.push(message.text())
      })
      const opened = await page.goto(`${edge.url}/graphql`)
      expect(opened?.headers()['content-security-policy']).toContain("frame-ancestors 'none'")
      await page.getByText('put a token for TOKEN').first().waitFor()
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
      await until('the schema is shown', async () => (await page.getByText('A GraphQL schema provides').count()) > 0)
      await page.locator('.graphiql-doc-explorer').getByText('UpdatePracticeSettingsInput').waitFor()
      await page.mouse.move(5, 5)
      await page.mouse.wheel(0, 3_000)
      await page.waitForTimeout(300)
      expect(await page.evaluate('[scrollY, document.documentElement.scrollTop, document.body.scrollTop]')).toEqual([
        0, 0, 0,
      ])
      expect(troubles).toEqual([])
    } finally {
      await browser.close()
      await edge.close()
      await api.close()
    }
  },
)
