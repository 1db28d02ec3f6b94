import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toDecimalString } from '../../src/domain/money.ts'
import { formatDay } from '../../src/format-time.ts'
import { booked } from '../api/booked.ts'
import { type Api, startApi, usd } from '../api/support.ts'
import { createFirm } from '../support/firm.ts'
import { DOCUMENT_LINKS, type Edge, startEdge } from './edge.ts'

let api: Api
let edge: Edge
let on: ReturnType<typeof booked>
beforeAll(async () => {
  api = await startApi({ documents: DOCUMENT_LINKS })
  edge = await startEdge(api.database.apiUrl)
  on = booked(api)
})
afterAll(async () => {
  await edge?.close()
  await api?.close()
})

/** Opens a link at the edge under test, wherever it says it leads. */
const open = (url: string) => fetch(edge.url + new URL(url).pathname + new URL(url).search)

async function page(url: string): Promise<string> {
  const answer = await open(url)
  expect(answer.status).toBe(200)
  return answer.text()
}

const localId = (gid: string) => Buffer.from(gid, 'base64').toString().split(':').slice(1).join(':')

const cells = (html: string) =>
  [...html.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, ' ').trim()),
  )

/** Moves what was booked by this key to a day, at noon in New York. */
async function bookedOn(day: string, key: string): Promise<void> {
  const at = new Date(`${day}T17:00:00Z`)
  const { owner } = api.database
  await sql`update entry set at = ${at} where posting_id in (select id from posting where key like ${key})`.execute(
    owner,
  )
  await owner.updateTable('posting').set({ at }).where('key', 'like', key).execute()
}

const STATEMENT = `from to opening { amount } closing { amount } printUrl lines { day kind direction amount { amount } balance { amount } transaction { id } }
  totals { kind direction amount { amount } count }`

const statementOf = async (matterId: string, from: string, to: string) =>
  (
    await api.data(
      `query ($id: ID!, $from: Date!, $to: Date!) { matter(id: $id) { retainer { statement(from: $from, to: $to) { ${STATEMENT} } } } }`,
      { id: matterId, from, to },
    )
  ).matter.retainer.statement

/** What the liability account holds for a matter at the end of a day. */
async function liability(matterId: string, day: string): Promise<bigint> {
  const { rows } = await sql<{ held: bigint }>`
    select coalesce(sum(case side when 'CREDIT' then amount_minor else -amount_minor end), 0)::bigint as held from entry
    where matter_id = ${matterId} and account = 'RETAINER' and (at at time zone 'America/New_York')::date <= ${day}::date`.execute(
    api.database.owner,
  )
  return rows[0]?.held ?? 0n
}

test('a statement is the liability account: opening, movements and closing of the firm’s days', async () => {
  const matter = await on.enabled()
  const first = await on.pays(matter, 100_000n)
  await bookedOn('2025-01-31', `payment:${first}`)
  const invoice = { matterId: matter.gid, number: 'INV-7 <b>', amount: usd('250.50') }
  const { invoice: paid } = await api.mutate('recordInvoice', invoice, 'invoice { applications { id } }')
  expect(paid.applications).toHaveLength(1)
  await bookedOn('2025-02-01', 'application:%')
  const other = await on.enabled()
  const moved = { matterId: matter.gid, toMatterId: other.gid, amount: usd('100') }
  await api.mutate('transferRetainer', moved, '__typename')
  await bookedOn('2025-02-28', 'transfer:%')
  const last = await on.pays(matter, 5_000n)
  await bookedOn('2025-03-01', `payment:${last}`)

  const february = await statementOf(matter.gid, '2025-02-01', '2025-02-28')
  expect(february).toMatchObject({
    from: '2025-02-01',
    to: '2025-02-28',
    opening: { amount: '1000.00' },
    lines: [
      {
        day: '2025-02-01',
        kind: 'INVOICE_PAID',
        direction: 'OUT',
        amount: { amount: '250.50' },
        balance: { amount: '749.50' },
      },
      {
        day: '2025-02-28',
        kind: 'TRANSFER',
        direction: 'OUT',
        amount: { amount: '100.00' },
        balance: { amount: '649.50' },
      },
    ],
    closing: { amount: '649.50' },
    totals: [
      { kind: 'INVOICE_PAID', direction: 'OUT', amount: { amount: '250.50' }, count: 1 },
      { kind: 'TRANSFER', direction: 'OUT', amount: { amount: '100.00' }, count: 1 },
    ],
  })
  expect(february.lines.every(({ transaction }: { transaction: unknown }) => transaction !== null)).toBe(true)
  for (const day of ['2025-01-30', '2025-01-31', '2025-02-01', '2025-02-28', '2025-03-01', '2025-12-31']) {
    const { closing } = await statementOf(matter.gid, day, day)
    expect(closing.amount, day).toBe(toDecimalString(await liability(matter.id, day), 'USD'))
    expect((await statementOf(matter.gid, '2000-01-01', day)).closing).toEqual(closing)
  }

  const html = await page(february.printUrl)
  const { number } = await api.database.owner
    .selectFrom('matter')
    .select('number')
    .where('id', '=', other.id)
    .executeTakeFirstOrThrow()
  expect(cells(html)).toEqual([
    ['Date', 'Movement', 'In', 'Out', 'Balance'],
    ['February 1, 2025', 'Opening balance', '', '', '$1,000.00'],
    ['February 1, 2025', 'Invoice paid  INV-7 &lt;b&gt;', '', '$250.50', '$749.50'],
    ['February 28, 2025', `Transfer to another matter  ${number}`, '', '$100.00', '$649.50'],
    ['February 28, 2025', 'Closing balance', '', '', '$649.50'],
    ['Movement', 'How many', 'Amount'],
    ['Invoice paid', '1', '-$250.50'],
    ['Transfer to another matter', '1', '-$100.00'],
  ])
  for (const fact of [
    'Hart, Vale &amp; Partners',
    'Ada Lovelace',
    'Analytical engine',
    'February 1, 2025 to February 28, 2025',
  ]) {
    expect(html).toContain(fact)
  }
})

test('a statement of days that are not over ends today, with a balance so far', async () => {
  const matter = await on.enabled()
  await on.pays(matter, 100_000n)
  const { printUrl } = await statementOf(matter.gid, '2020-01-01', '2999-12-31')
  const html = await page(printUrl)
  const today = formatDay(new Date(), 'America/New_York')
  expect(html).toContain(`January 1, 2020 to ${today}`)
  expect(cells(html)).toContainEqual([today, 'Balance so far', '', '', '$1,000.00'])
  expect(html).not.toContain('2999')
  expect(html).not.toContain('Closing balance')
})

test('R17: a refund on a statement, and one that came back, name the payment they belong to', async () => {
  const matter = await on.enabled()
  const paid = await on.pays(matter, 100_000n)
  const { refund } = await api.mutate('refundRetainer', { matterId: matter.gid, amount: usd('400') }, 'refund { id }')
  const [partId = ''] = await on.sends(matter, localId(refund.id))
  await on.partEnds(matter, partId, 'refundFailed')
  const html = await page((await statementOf(matter.gid, '2020-01-01', '2999-12-31')).printUrl)
  const what = cells(html).map(([, movement]) => movement)
  expect(what).toContain(`Refund  ${paid}`)
  expect(what).toContain(`Refund that did not arrive  ${paid}`)
})

test('R20: a closed matter has a final statement over its whole life, an open one has none', async () => {
  const matter = await on.enabled()
  const final = async () =>
    (
      await api.data(`query ($id: ID!) { matter(id: $id) { retainer { finalStatement { ${STATEMENT} } } } }`, {
        id: matter.gid,
      })
    ).matter.retainer.finalStatement
  await on.pays(matter, 10_000n)
  expect(await final()).toBeNull()
  const early = await DOCUMENT_LINKS.urlOf('final-statement', { firmId: api.firm.firmId, matterId: matter.id })
  expect((await open(early)).status).toBe(404)
  await api.mutate('recordInvoice', { matterId: matter.gid, number: 'INV-F', amount: usd('100') }, '__typename')
  await api.mutate('closeMatter', { matterId: matter.gid }, '__typename')
  expect(await final()).toMatchObject({
    opening: { amount: '0.00' },
    lines: [{ kind: 'PAYMENT_SETTLED' }, { kind: 'INVOICE_PAID' }],
    closing: { amount: '0.00' },
  })
  const html = await page((await final()).printUrl)
  expect(html).toContain('<h1>Final retainer statement</h1>')
})

test('the journal is CSV that a bookkeeper’s program reads, balances, and runs no formula', async () => {
  const firm = await createFirm(api.database.owner)
  const matter = await on.enabled(firm)
  await api.database.owner
    .updateTable('matter')
    .set({ number: '=HYPERLINK("http://evil.example","x"),\n2' })
    .where('id', '=', matter.id)
    .execute()
  for (let nth = 0; nth < 120; nth++) await on.pays(matter, 100n + BigInt(nth))
  const { viewer } = await api.data(
    '{ viewer { journalExport(from: "2020-01-01", to: "2999-12-31") { url } } }',
    {},
    { firm, roles: ['READER'] },
  )
  const answer = await open(viewer.journalExport.url)
  expect(answer.headers.get('content-type')).toContain('text/csv')
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="journal-2020-01-01-to-2999-12-31.csv"')
  const text = await answer.text()
  expect(text.split('\r\n')[0]).toBe('date,entry,account,debit,credit,matter,reference')
  const rows = parse<Record<string, string>>(text, { columns: true, record_delimiter: '\r\n', relax_quotes: false })
  expect(rows).toHaveLength(240)
  const sum = (column: string, of = rows) =>
    of.reduce((total, row) => total + BigInt((row[column] ?? '').replace('.', '') || 0), 0n)
  expect(sum('debit')).toBe(sum('credit'))
  expect(sum('debit')).toBe(120n * 100n + (119n * 120n) / 2n)
  for (const lines of Map.groupBy(rows, ({ entry }) => entry).values()) {
    expect(sum('debit', lines)).toBe(sum('credit', lines))
  }
  expect(rows.find(({ account }) => account === 'RETAINER')?.['matter']).toBe(
    `'=HYPERLINK("http://evil.example","x"),\n2`,
  )
  for (const value of rows.flatMap(Object.values)) expect(value).not.toMatch(/^[=+\-@]/)

  const none = await api.data(
    '{ viewer { journalExport(from: "2001-01-01", to: "2001-01-01") { url } } }',
    {},
    { firm },
  )
  expect(await (await open(none.viewer.journalExport.url)).text()).toBe(
    'date,entry,account,debit,credit,matter,reference\r\n',
  )
})
