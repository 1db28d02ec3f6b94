import { sql } from 'kysely'
import type { Database } from '../../src/db/pool.ts'
import { patiently } from '../../src/demo/patiently.ts'
import type { Firm } from './practice.ts'

/** What an act can be about, by its id, as the books have it at that moment and in an order that stays. */
export class WhatThereIs {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  debitsOnTheirWay(firm: Firm): Promise<string[]> {
    return this.#ids(sql`
      select payment->>'paymentId' as id from retainer, jsonb_array_elements(state->'pending') as payment
      where firm_id = ${firm.id} order by 1`)
  }

  payments(firm: Firm, method?: string): Promise<string[]> {
    return this.#ids(sql`
      select id from payment where firm_id = ${firm.id} and method <> 'OFFLINE' and method = coalesce(${method ?? null}, method)
      order by settled_at, id`)
  }

  unapplied(firm: Firm): Promise<string[]> {
    return this.#ids(sql`select id from payment where firm_id = ${firm.id} and unapplied_minor > 0 order by id`)
  }

  /** Matters that are closed and are owed for reversed payments. */
  owing(firm: Firm): Promise<string[]> {
    return this.#ids(sql`
      select matter_id as id from retainer where firm_id = ${firm.id} and receivable_minor > 0 order by 1`)
  }

  refundsAtProvider(firm: Firm): Promise<string[]> {
    return this.#ids(sql`
      select provider_id as id from refund_part where firm_id = ${firm.id} and provider_id is not null order by 1`)
  }

  disputes(firm: Firm): Promise<string[]> {
    return this.#ids(sql`select id from dispute where firm_id = ${firm.id} and status = 'OPEN' order by 1`)
  }

  payouts(firm: Firm): Promise<string[]> {
    return this.#ids(sql`
      select distinct id from payout where account = ${firm.account ?? 'platform'} order by 1`)
  }

  invoices(firm: Firm, matterId: string): Promise<string[]> {
    return this.#ids(
      sql`select id from invoice where firm_id = ${firm.id} and matter_id = ${matterId} order by recorded_at`,
    )
  }

  applications(firm: Firm, matterId: string): Promise<string[]> {
    return this.#ids(sql`
      select split_part(key, 'application:', 2) as id from posting
      where firm_id = ${firm.id} and matter_id = ${matterId} and kind = 'INVOICE_PAID' order by 1`)
  }

  async #ids(query: ReturnType<typeof sql>): Promise<string[]> {
    return patiently('the books can be read', async () => {
      const { rows } = await query.execute(this.#db)
      return (rows as { id: string }[]).map(({ id }) => id)
    })
  }
}
