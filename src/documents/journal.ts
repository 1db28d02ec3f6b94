import { Readable } from 'node:stream'
import { JOURNAL_COLUMNS, journalRows } from '../books/journal.ts'
import type { Database } from '../db/pool.ts'
import { csvRecord } from './csv.ts'

/** How many records are sent at once: one by one, a long journal would be all overhead. */
const RECORDS_PER_CHUNK = 200

/**
 * The firm's journal of some days as CSV, read from the books as it is taken. Resolves once its beginning is read, so that
 * trouble before it can still be told as such.
 */
export async function journalCsv(
  db: Database,
  firmId: string,
  days: { from: string; to: string },
): Promise<ReadableStream> {
  const chunks = chunksOf(db, firmId, days)
  const first = await chunks.next()
  async function* all(): AsyncGenerator<Buffer> {
    if (!first.done) yield first.value
    yield* chunks
  }
  return Readable.toWeb(Readable.from(all())) as ReadableStream
}

async function* chunksOf(db: Database, firmId: string, days: { from: string; to: string }): AsyncGenerator<Buffer> {
  let chunk = csvRecord(JOURNAL_COLUMNS)
  let count = 0
  for await (const row of journalRows(db, firmId, days)) {
    chunk += csvRecord(JOURNAL_COLUMNS.map((column) => row[column]))
    if (++count % RECORDS_PER_CHUNK > 0) continue
    yield Buffer.from(chunk)
    chunk = ''
  }
  yield Buffer.from(chunk)
}
