import { sql } from 'kysely'
import type { Breach, Identity } from './identity.ts'

/** Double entry, and the accounts of invoices. */
export const ENTRY_IDENTITIES: Identity[] = [
  {
    code: 'POSTING_UNBALANCED',
    promise: 'every posting has entries, and they balance',
    breaches: (firmId) => sql<Breach>`
      select posting.key as subject, posting.matter_id as "matterId", '0' as expected, sum(signed.amount)::text as found
      from posting
      left join entry on entry.posting_id = posting.id
      left join lateral (select case entry.side when 'DEBIT' then entry.amount_minor else -entry.amount_minor end as amount) as signed on true
      where posting.firm_id = ${firmId}::uuid
      group by posting.id having sum(signed.amount) is distinct from 0`,
  },
  {
    code: 'ENTRIES_OF_ANOTHER_FIRM',
    promise: 'an entry belongs to the firm of its posting, and to a matter of that firm',
    breaches: (firmId) => sql<Breach>`
      select posting.key as subject, entry.matter_id as "matterId", posting.firm_id::text as expected, entry.firm_id::text as found
      from posting join entry on entry.posting_id = posting.id left join matter on matter.id = entry.matter_id
      where posting.firm_id = ${firmId}::uuid
        and (entry.firm_id <> posting.firm_id or (entry.matter_id is not null and matter.firm_id is distinct from posting.firm_id))`,
  },
  {
    code: 'FIRM_UNBALANCED',
    promise: 'all entries of a firm sum to zero',
    breaches: (firmId) => sql<Breach>`
      select firm_id::text as subject, null as "matterId", '0' as expected,
        sum(case side when 'DEBIT' then amount_minor else -amount_minor end)::text as found
      from entry where firm_id = ${firmId}::uuid
      group by firm_id having sum(case side when 'DEBIT' then amount_minor else -amount_minor end) <> 0`,
  },
  {
    code: 'INVOICE_REST',
    promise: 'what is owed on an invoice is its amount less what was paid of it, and never below zero (R16)',
    breaches: (firmId) => sql<Breach>`
      select invoice.id::text as subject, invoice.matter_id as "matterId",
        (invoice.amount_minor - invoice.paid_minor)::text as expected, owed.amount::text as found
      from invoice
      cross join lateral (
        select coalesce(sum(case side when 'DEBIT' then amount_minor else -amount_minor end), 0) as amount
        from entry where entry.invoice_id = invoice.id and entry.account = 'ACCOUNTS_RECEIVABLE'
      ) as owed
      where invoice.firm_id = ${firmId}::uuid
        and (owed.amount <> invoice.amount_minor - invoice.paid_minor or owed.amount < 0)`,
  },
]
