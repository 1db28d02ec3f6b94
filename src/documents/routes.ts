import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { timeout } from 'hono/timeout'
import { isOutage, isStatementTimeout } from '../api/outage.ts'
import type { AppEnv } from '../api/request-log.ts'
import type { Database } from '../db/pool.ts'
import { journalCsv } from './journal.ts'
import type { DocumentContents, DocumentLinks, DocumentName } from './link.ts'
import { readStatement } from './read-statement.ts'
import { printedStatement } from './statement.ts'
import { deadLinkPage, laterPage } from './views/document.ts'
import { documentCss } from './views/document-css.ts'

const ANSWER_WITHIN_MS = 25_000
const RETRY_AFTER_S = 5

interface DocumentDependencies {
  db: Database
  links: DocumentLinks
}

/**
 * Statements to print and the journal as CSV, mounted at `/documents`. The link in the address is the credential; what opens
 * nothing, for whatever reason, gets one and the same answer.
 */
export function documentRoutes({ db, links }: DocumentDependencies): Hono<AppEnv> {
  const documents = new Hono<AppEnv>()
  const opened = <Name extends DocumentName>(c: Context, name: Name): Promise<DocumentContents[Name] | null> =>
    links.contentsOf(name, c.req.query('link') ?? '')

  documents.get('/assets/document.css', (c) => c.body(documentCss, 200, { 'Content-Type': 'text/css; charset=utf-8' }))

  documents.use(timeout(ANSWER_WITHIN_MS, new HTTPException(503)))

  documents.get('/statement', async (c) => {
    const asked = await opened(c, 'statement')
    const found = asked && (await readStatement(db, asked, asked))
    return found && asked ? c.html(printedStatement(found, asked)) : c.html(deadLinkPage(), 404)
  })

  documents.get('/final-statement', async (c) => {
    const asked = await opened(c, 'final-statement')
    const found = asked && (await readStatement(db, asked, { from: null, to: null }))
    return found?.phase === 'CLOSED' ? c.html(printedStatement(found, null)) : c.html(deadLinkPage(), 404)
  })

  documents.get('/journal.csv', async (c) => {
    const asked = await opened(c, 'journal.csv')
    if (!asked) return c.html(deadLinkPage(), 404)
    const { firmId, from, to } = asked
    return c.body(await journalCsv(db, firmId, { from, to }), 200, {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="journal-${from}-to-${to}.csv"`,
    })
  })

  documents.all('*', (c) => c.html(deadLinkPage(), 404))

  documents.onError((err, c) => {
    // Who has left before the document was there reads none; otherwise it is ours to know.
    if (!c.req.raw.signal.aborted) c.get('log').error({ err }, 'a document could not be made')
    const passes = err instanceof HTTPException || isOutage(err) || isStatementTimeout(err)
    if (passes) c.header('Retry-After', String(RETRY_AFTER_S))
    return c.html(laterPage(), passes ? 503 : 500)
  })

  return documents
}
