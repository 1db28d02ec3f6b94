import { sql } from 'kysely'
import type { Database } from '../db/pool.ts'

/** The accounts at the provider that the firm has, or had when a payment was made or tried there, as the books name them. */
export async function accountsOf(db: Database, firmId: string): Promise<string[]> {
  const { rows } = await sql<{ account: string }>`
    select coalesce(stripe_account, 'platform') as account from firm where id = ${firmId}::uuid
    union select coalesce(stripe_account, 'platform') from attempt where firm_id = ${firmId}::uuid and session_id is not null
    union select provider_account from payment where firm_id = ${firmId}::uuid and provider_account is not null
    order by account`.execute(db)
  return rows.map(({ account }) => account)
}

/** The same of every firm, the platform's own always. */
export async function allAccounts(db: Database): Promise<string[]> {
  const { rows } = await sql<{ account: string }>`
    select 'platform' as account
    union select stripe_account from firm where stripe_account is not null
    union select stripe_account from attempt where stripe_account is not null
    union select provider_account from payment where provider_account is not null
    order by account`.execute(db)
  return rows.map(({ account }) => account)
}

/** Since when payments have been taken for the firm on an account; null: never. */
export async function usedSince(db: Database, firmId: string, account: string): Promise<Date | null> {
  const { rows } = await sql<{ since: Date | null }>`
    select least(
      (select min(created_at) from attempt
        where firm_id = ${firmId}::uuid and coalesce(stripe_account, 'platform') = ${account} and session_id is not null),
      (select min(settled_at) from payment where firm_id = ${firmId}::uuid and provider_account = ${account})
    ) as since`.execute(db)
  return rows[0]?.since ?? null
}

/** The firms that cannot do without an account: it is theirs now, or something of theirs is still open on it. */
export async function firmsInNeedOf(db: Database, account: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from firm where coalesce(stripe_account, 'platform') = ${account}
    union select firm_id from attempt
      where coalesce(stripe_account, 'platform') = ${account} and session_id is not null and status in ('OPENING', 'OPEN')
    union select firm_id from refund_part where provider_account = ${account} and status = 'PLANNED'
    union select payment.firm_id from payment
      join dispute on dispute.firm_id = payment.firm_id and dispute.payment_id = payment.id
      where provider_account = ${account} and dispute.status = 'OPEN'
    order by id`.execute(db)
  return rows.map(({ id }) => id)
}
