import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../../src/db/pool.ts'

/**
 * Gives a matter so many more deposits like its last one, in all tables that a deposit writes to, with their mails long sent:
 * the books are as if each had been committed. Give it the owner's pool.
 */
export async function repeatLastDeposit(owner: Database, matterId: string, count: number): Promise<void> {
  const last = await owner
    .selectFrom('payment')
    .innerJoin('entry', (join) =>
      join.onRef('matter_version', '=', 'version').onRef('entry.matter_id', '=', 'payment.matter_id'),
    )
    .select(['payment.id', 'version', 'posting_id', 'payment.amount_minor'])
    .where('payment.matter_id', '=', matterId)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow()
  const version = sql.lit(String(last.version))
  const posting = sql.lit(String(last.posting_id))
  const { newest } = await owner
    .selectFrom('posting')
    .select(({ fn }) => fn.max('id').as('newest'))
    .executeTakeFirstOrThrow()
  const nextPosting = sql`${sql.lit(String(newest))}::bigint + n`
  const amount = sql.lit(String(last.amount_minor))
  const another = (column: string) => sql`${sql.ref(column)} || '-' || n`

  const copies: [table: string, which: RawBuilder<unknown>, changes: RawBuilder<unknown>][] = [
    ['payment', sql`id = ${last.id}`, sql`'id', ${another('id')}, 'version', version + n`],
    ['command', sql`version = ${version}`, sql`'key', ${another('key')}, 'version', version + n`],
    ['decision', sql`version = ${version}`, sql`'version', version + n`],
    [
      'effect',
      sql`id like ${`${matterId}.${last.version}.%`}`,
      sql`'id', ${matterId} || '.' || (${version}::bigint + n) || substring(id from '\\.[0-9]+$'), 'status', 'DONE'`,
    ],
    [
      'posting',
      sql`id = ${posting}`,
      sql`'id', ${nextPosting}, 'key', ${another('key')}, 'command_key', ${another('command_key')}`,
    ],
    [
      'entry',
      sql`posting_id = ${posting}`,
      sql`'posting_id', ${nextPosting}, 'matter_version', matter_version + n,
        'balance_before_minor', balance_before_minor + n * ${amount}::bigint,
        'balance_after_minor', balance_after_minor + n * ${amount}::bigint`,
    ],
  ]
  await owner.transaction().execute(async (trx) => {
    for (const [name, which, changes] of copies) {
      const table = sql.table(name)
      await sql`
        insert into ${table} overriding system value
        select copy.* from (
          select to_jsonb(${table}) || jsonb_build_object(${changes}) as made from ${table}, generate_series(1, ${count}::bigint) as n
          where matter_id = ${matterId} and ${which}
        ) as copies, jsonb_populate_record(null::${table}, made) as copy`.execute(trx)
    }
    await sql`
      update retainer set version = version + ${count}, balance_minor = balance_minor + ${count}::bigint * ${amount}::bigint,
        state = state || jsonb_build_object('version', version + ${count}, 'effects', '[]'::jsonb,
          'balanceMinor', (balance_minor + ${count}::bigint * ${amount}::bigint)::text)
        where matter_id = ${matterId}`.execute(trx)
    await sql`select setval(pg_get_serial_sequence('posting', 'id'), (select max(id) from posting))`.execute(trx)
  })
  await sql`analyze`.execute(owner)
}
