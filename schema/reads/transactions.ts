import type { Page } from '../paging.ts'
import { anyOf, each, type Firmly, ITS_ID } from '../reading.ts'

/** Entries of retainers: each with its posting, the memo of the command that made it, the invoice on its other side. */
const transactions = (trx: Firmly, firmId: string) =>
  trx
    .selectFrom('entry')
    .innerJoin('posting', 'posting.id', 'entry.posting_id')
    .innerJoin('firm', 'firm.id', 'entry.firm_id')
    .innerJoin('command', (join) =>
      join.onRef('command.firm_id', '=', 'posting.firm_id').onRef('command.key', '=', 'posting.command_key'),
    )
    .leftJoin('memo', (join) =>
      join
        .onRef('memo.firm_id', '=', 'command.firm_id')
        .onRef('memo.key', '=', 'command.key')
        .onRef('memo.input_hash', '=', 'command.input_hash'),
    )
    .leftJoin('entry as other', (join) =>
      join.onRef('other.posting_id', '=', 'entry.posting_id').on('other.account', '=', 'ACCOUNTS_RECEIVABLE'),
    )
    .leftJoin('entry as partner', (join) =>
      join
        .onRef('partner.posting_id', '=', 'entry.posting_id')
        .on('partner.account', '=', 'RETAINER')
        .onRef('partner.line', '<>', 'entry.line'),
    )
    .where('entry.firm_id', '=', firmId)
    .where('entry.account', '=', 'RETAINER')
    .select((row) => [
      'firm.currency',
      'entry.posting_id',
      'entry.line',
      row.ref('entry.matter_id').$notNull().as('matter_id'),
      'entry.kind',
      'entry.side',
      'entry.amount_minor',
      row.ref('entry.balance_after_minor').$notNull().as('balance_after_minor'),
      'entry.at',
      'posting.key as posting_key',
      'memo.body as memo',
      'other.invoice_id',
      'partner.matter_id as other_matter_id',
    ])

/** Transactions of the firm by `<posting>.<line>`. */
export function transactionsById(trx: Firmly, ids: readonly string[], firmId: string) {
  const keys = ids.flatMap((id) => {
    const [, posting, line] = /^(\d{1,18})\.(\d{1,4})$/.exec(id) ?? []
    return posting && line ? [{ posting: BigInt(posting), line: Number(line) }] : []
  })
  return transactions(trx, firmId)
    .where((is) => is.or(keys.map(({ posting, line }) => is.and({ 'entry.posting_id': posting, 'entry.line': line }))))
    .execute()
}

/** The line that a posting made on a matter's tab, if it was booked. */
export const transactionOfPosting = (trx: Firmly, firmId: string, key: string, matterId: string) =>
  transactions(trx, firmId)
    .where('posting.key', '=', key)
    .where('entry.matter_id', '=', anyOf([matterId]))
    .executeTakeFirst()

/** The lines that postings made on a matter's tab, by posting. */
export async function transactionsOfPostings(trx: Firmly, firmId: string, matterId: string, postingIds: bigint[]) {
  const rows = await transactions(trx, firmId)
    .where('entry.matter_id', '=', anyOf([matterId]))
    .where('entry.posting_id', 'in', [0n, ...postingIds])
    .execute()
  return new Map(rows.map((row) => [row.posting_id, row]))
}

interface About {
  paymentId: string | null
  refundId: string | null
  disputeId: string | null
}

/** What a posting is about, as its key says. */
export function aboutOf(postingKey: string): About {
  const [kind, id = null] = postingKey.split(':')
  return {
    paymentId: kind === 'payment' || kind === 'assignment' ? id : null,
    // A part's id is its refund's with a number behind it.
    refundId: kind === 'refund' && id !== null ? id.replace(/\.\d+$/, '') : null,
    disputeId: kind === 'dispute' ? id : null,
  }
}

/** The same page of every matter's transactions, newest first, by matter. The key is posting and line. */
export async function transactionPages(
  trx: Firmly,
  matterIds: string[],
  firmId: string,
  { limit, after }: Page<[string, number]>,
) {
  let query = transactions(trx, firmId)
    .where('entry.matter_id', '=', ITS_ID)
    .orderBy('entry.posting_id', 'desc')
    .orderBy('entry.line', 'desc')
    .limit(limit)
  if (after !== null) {
    const [posting, line] = after
    query = query.where((is) => is(is.refTuple('entry.posting_id', 'entry.line'), '<', is.tuple(BigInt(posting), line)))
  }
  const rows = await trx
    .selectFrom(each(matterIds))
    .innerJoinLateral(
      () => query.as('entry'),
      (join) => join.onTrue(),
    )
    .selectAll('entry')
    .orderBy('posting_id', 'desc')
    .orderBy('line', 'desc')
    .execute()
  return Map.groupBy(rows, (row) => row.matter_id)
}
