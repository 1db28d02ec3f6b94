import { sql } from 'kysely'
import type { Breach, Identity } from './identity.ts'

/** Each matter's row, its workflow's state and its entries say the same. */
export const RETAINER_IDENTITIES: Identity[] = [
  {
    code: 'BALANCE',
    promise: 'a matter’s balance is the sum of its entries',
    breaches: (firmId) => sql<Breach>`
      select retainer.matter_id::text as subject, retainer.matter_id as "matterId",
        coalesce(sum(case side when 'CREDIT' then amount_minor else -amount_minor end), 0)::text as expected,
        retainer.balance_minor::text as found
      from retainer left join entry on entry.matter_id = retainer.matter_id and entry.account = 'RETAINER'
      where retainer.firm_id = ${firmId}::uuid
      group by retainer.matter_id
      having retainer.balance_minor <> coalesce(sum(case side when 'CREDIT' then amount_minor else -amount_minor end), 0)`,
  },
  {
    code: 'RETAINER_LIABILITY',
    promise: 'the retainer liability is the sum of the matters’ balances',
    breaches: (firmId) => sql<Breach>`
      select 'RETAINER' as subject, null as "matterId", balances.sum::text as expected, liability.sum::text as found
      from (select coalesce(sum(balance_minor), 0) as sum from retainer where firm_id = ${firmId}::uuid) as balances
      cross join (
        select coalesce(sum(case side when 'CREDIT' then amount_minor else -amount_minor end), 0) as sum
        from entry where firm_id = ${firmId}::uuid and account = 'RETAINER'
      ) as liability
      where balances.sum <> liability.sum`,
  },
  {
    code: 'STATE',
    promise: 'the state that a workflow starts from has the balance and the version of the books',
    breaches: (firmId) => sql<Breach>`
      select matter_id::text as subject, matter_id as "matterId", balance_minor || ' at version ' || version as expected,
        (state->>'balanceMinor') || ' at version ' || (state->>'version') as found
      from retainer
      where firm_id = ${firmId}::uuid and state is not null
        and ((state->>'balanceMinor')::bigint <> balance_minor or (state->>'version')::bigint <> version)`,
  },
  {
    code: 'ENTRY_CHAIN',
    promise: 'each entry of a retainer begins where the one before ended',
    breaches: (firmId) => sql<Breach>`
      select key as subject, "matterId", expected::text, found::text from (
        select posting.key, entry.matter_id as "matterId", entry.balance_before_minor as found,
          coalesce(lag(entry.balance_after_minor) over (
            partition by entry.matter_id order by entry.matter_version, entry.posting_id, entry.line), 0) as expected
        from entry join posting on posting.id = entry.posting_id
        where entry.firm_id = ${firmId}::uuid and entry.account = 'RETAINER'
      ) as entries where found <> expected`,
  },
  {
    code: 'VERSIONS',
    promise: 'a matter’s versions have no gaps',
    breaches: (firmId) => sql<Breach>`
      select retainer.matter_id::text as subject, retainer.matter_id as "matterId", retainer.version::text as expected,
        count(command.version) || ' up to ' || coalesce(max(command.version), 0) as found
      from retainer left join command on command.matter_id = retainer.matter_id
      where retainer.firm_id = ${firmId}::uuid
      group by retainer.matter_id
      having count(command.version) <> retainer.version or coalesce(max(command.version), 0) <> retainer.version`,
  },
  {
    code: 'REVERSED_PAYMENTS_RECEIVABLE',
    promise: 'what a matter is owed for reversed payments is what its state says (R20)',
    breaches: (firmId) => sql<Breach>`
      select retainer.matter_id::text as subject, retainer.matter_id as "matterId",
        coalesce(sum(case side when 'DEBIT' then amount_minor else -amount_minor end), 0)::text as expected,
        coalesce(retainer.state->>'receivableMinor', '0') as found
      from retainer
      left join entry on entry.matter_id = retainer.matter_id and entry.account = 'REVERSED_PAYMENTS_RECEIVABLE'
      where retainer.firm_id = ${firmId}::uuid
      group by retainer.matter_id
      having coalesce(sum(case side when 'DEBIT' then amount_minor else -amount_minor end), 0)
        <> coalesce((retainer.state->>'receivableMinor')::bigint, 0)`,
  },
  {
    code: 'REFUNDS_IN_FLIGHT',
    promise:
      'what is in flight is what the parts of a matter’s refunds have reserved and the provider has not decided (R17)',
    breaches: (firmId) => sql<Breach>`
      select coalesce(parts.matter_id, booked.matter_id)::text as subject, coalesce(parts.matter_id, booked.matter_id) as "matterId",
        coalesce(parts.amount, 0)::text as expected, coalesce(booked.amount, 0)::text as found
      from (
        select refund.matter_id, sum(refund_part.amount_minor) as amount
        from refund join refund_part on refund_part.firm_id = refund.firm_id and refund_part.refund_id = refund.id
        where refund.firm_id = ${firmId}::uuid and refund_part.status = 'PLANNED' group by refund.matter_id
      ) as parts
      full join (
        select matter_id, sum(case side when 'CREDIT' then amount_minor else -amount_minor end) as amount
        from entry where firm_id = ${firmId}::uuid and account = 'REFUNDS_IN_FLIGHT' group by matter_id
      ) as booked on booked.matter_id = parts.matter_id
      where coalesce(parts.amount, 0) <> coalesce(booked.amount, 0)`,
  },
]
