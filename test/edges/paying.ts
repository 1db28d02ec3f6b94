import { createTestDatabase } from '../support/database.ts'
import { createFirm } from '../support/firm.ts'
import { type Edge, startEdge, visit } from './edge.ts'
import { openBooks, requestedMatter } from './matter-on-the-books.ts'

/** The page at `url`, redirects not followed. */
export const text = async (url: string): Promise<string> => (await visit(url)).text()

/** The id that a payment page's form carries; empty when there is no form. */
export const formIdOf = (page: string): string => /name="attemptId" value="([^"]+)"/.exec(page)?.[1] ?? ''

/** The real payment pages on real books of a database of their own. */
export async function startPaying() {
  const database = await createTestDatabase()
  const books = openBooks(database)
  const edge = await startEdge(database.apiUrl, { commands: books.commands })
  const firm = await createFirm(database.owner)

  const payUrl = (token: string, at: Edge = edge): string => `${at.url}/pay/${token}`

  /** Sends a form to a payment page. Answers the response and, when a payment was opened, its attempt. */
  async function send(token: string, form: Record<string, string>, headers = {}) {
    const response = await visit(payUrl(token), form, headers)
    const location = response.headers.get('location') ?? ''
    return { response, location, attemptId: location.split('/').at(-1) ?? '', page: await response.text() }
  }

  return {
    database,
    books,
    edge,
    payUrl,
    send,
    /** A matter whose client has been asked for an initial amount, $1,000.00 unless told. */
    matter: (initialMinor?: bigint) => requestedMatter(books, database.owner, firm, initialMinor),
    /** Fills in the form of a fresh payment page, to pay it all unless told. */
    async pay(token: string, fields: Record<string, string> = { choice: 'all' }, headers = {}) {
      return send(token, { attemptId: formIdOf(await text(payUrl(token))), ...fields }, headers)
    },
    attempts: (matterId: string) =>
      database.owner
        .selectFrom('attempt')
        .selectAll()
        .where('matter_id', '=', matterId)
        .orderBy('created_at')
        .execute(),
    async stop() {
      await edge.close()
      await books.close()
      await database.drop()
    },
  }
}

export type Paying = Awaited<ReturnType<typeof startPaying>>
