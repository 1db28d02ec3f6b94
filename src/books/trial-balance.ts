import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { DB } from '../db/types.ts'
import type { AccountKind } from '../domain/plan.ts'

/** What an account has been debited and credited, in minor units; its balance is the difference, positive for a debit balance. */
export interface AccountBalance {
  account: AccountKind
  /** Payments holding has one account per account at the provider; null for all others. */
  providerAccount: string | null
  debitsMinor: bigint
  creditsMinor: bigint
  balanceMinor: bigint
}

/** Every account of the firm that has entries. The debits of all are the credits of all: the balances sum to zero. */
export async function trialBalance(db: Kysely<DB>, firmId: string): Promise<AccountBalance[]> {
  const { rows } = await sql<AccountBalance>`
    select account, provider_account as "providerAccount",
      coalesce(sum(amount_minor) filter (where side = 'DEBIT'), 0)::bigint as "debitsMinor",
      coalesce(sum(amount_minor) filter (where side = 'CREDIT'), 0)::bigint as "creditsMinor",
      sum(case side when 'DEBIT' then amount_minor else -amount_minor end)::bigint as "balanceMinor"
    from entry where firm_id = ${firmId}::uuid
    group by account, provider_account
    order by account, provider_account`.execute(db)
  return rows
}
