import { sql } from 'kysely'
import type { Page } from '../paging.ts'
import type { Firmly } from '../reading.ts'

const payouts = (trx: Firmly, firmId: string) =>
  trx
    .selectFrom('payout')
    .innerJoin('firm', 'firm.id', 'payout.firm_id')
    .where('payout.firm_id', '=', firmId)
    .select([
      'firm.currency',
      'payout.account',
      'payout.id',
      'payout.status',
      'payout.gross_minor',
      'payout.fees_minor',
      'payout.arrives_at',
      'payout.booked_at',
      'payout.failed_at',
    ])

/** Names a payout inside its firm. */
export const payoutKey = ({ account, id }: { account: string; id: string }): string => `${account}/${id}`

// A NUL in a text, which a stranger's id may hold, is an error to PostgreSQL.
const PAYOUT_KEY = /^(\w{1,80})\/(\w{1,80})$/

const partsOf = (keys: readonly string[]) =>
  keys.flatMap((key) => {
    const [, account, id] = PAYOUT_KEY.exec(key) ?? []
    return account && id ? [{ account, id }] : []
  })

/** Payouts of the firm by `<account>/<id>`. */
export const payoutsById = (trx: Firmly, keys: readonly string[], firmId: string) =>
  payouts(trx, firmId)
    .where((is) =>
      is.or(partsOf(keys).map(({ account, id }) => is.and({ 'payout.account': account, 'payout.id': id }))),
    )
    .execute()

/** One page of the firm's payouts, newest first. */
export function payoutPage(trx: Firmly, firmId: string, { limit, after }: Page<[string, string, string]>) {
  let query = payouts(trx, firmId)
    .orderBy('payout.arrives_at', 'desc')
    .orderBy('payout.account', 'desc')
    .orderBy('payout.id', 'desc')
    .limit(limit)
  if (after !== null) {
    const [arrivesAt, account, id] = after
    query = query.where((is) =>
      is(
        is.refTuple('payout.arrives_at', 'payout.account', 'payout.id'),
        '<',
        is.tuple(new Date(arrivesAt), account, id),
      ),
    )
  }
  return query.execute()
}

/** The same page of every payout's lines, in the order they happened at the provider, by `<account>/<id>`. */
export async function payoutLinePages(
  trx: Firmly,
  keys: string[],
  firmId: string,
  { limit, after }: Page<[string, string]>,
) {
  const asked = partsOf(keys)
  let query = trx
    .selectFrom('payout_line')
    .innerJoin('firm', 'firm.id', 'payout_line.firm_id')
    .leftJoin('refund_part', (join) =>
      join
        .onRef('refund_part.firm_id', '=', 'payout_line.firm_id')
        .onRef('refund_part.id', '=', 'payout_line.refund_part_id'),
    )
    .where('payout_line.firm_id', '=', firmId)
    .where('payout_line.account', '=', sql<string>`asked.account`)
    .where('payout_line.payout_id', '=', sql<string>`asked.payout_id`)
    .select([
      'firm.currency',
      'payout_line.account',
      'payout_line.payout_id',
      'payout_line.id',
      'payout_line.kind',
      'payout_line.amount_minor',
      'payout_line.fee_minor',
      'payout_line.payment_id',
      'payout_line.dispute_id',
      'payout_line.at',
      'refund_part.refund_id',
    ])
    .orderBy('payout_line.at')
    .orderBy('payout_line.id')
    .limit(limit)
  if (after !== null) {
    const [at, id] = after
    query = query.where((is) => is(is.refTuple('payout_line.at', 'payout_line.id'), '>', is.tuple(new Date(at), id)))
  }
  const [accounts, ids] = [asked.map(({ account }) => account), asked.map(({ id }) => id)]
  const rows = await trx
    .selectFrom(
      sql<{ account: string; payout_id: string }>`unnest(${accounts}::text[], ${ids}::text[])`.as<'asked'>(
        sql`asked(account, payout_id)`,
      ),
    )
    .innerJoinLateral(
      () => query.as('line'),
      (join) => join.onTrue(),
    )
    .selectAll('line')
    .orderBy('at')
    .orderBy('id')
    .execute()
  return Map.groupBy(rows, ({ account, payout_id: id }) => payoutKey({ account, id }))
}
