import { sql } from 'kysely'
import type { Breach, Identity } from './identity.ts'

/** Payments, refunds, disputes and transfers: their rows and their postings say the same. */
export const PAYMENT_IDENTITIES: Identity[] = [
  {
    code: 'PAYMENT_POSTED',
    promise: 'each payment is posted once, with its amount, and each posted payment is known',
    breaches: (firmId) => sql<Breach>`
      select coalesce(payment.id, posted.id) as subject, coalesce(payment.matter_id, posted.matter_id) as "matterId",
        payment.amount_minor::text as expected, posted.amount::text as found
      from (select * from payment where firm_id = ${firmId}::uuid) as payment
      full join (
        select substr(posting.key, length('payment:') + 1) as id, posting.matter_id, sum(entry.amount_minor) as amount
        from posting join entry on entry.posting_id = posting.id and entry.side = 'DEBIT'
        where posting.firm_id = ${firmId}::uuid and posting.kind in ('PAYMENT_SETTLED', 'OFFLINE_PAYMENT', 'UNAPPLIED_PAYMENT')
        group by posting.id
      ) as posted on posted.id = payment.id
      where payment.amount_minor is distinct from posted.amount`,
  },
  {
    code: 'UNAPPLIED_FUNDS',
    promise: 'unapplied funds are what lies there of each payment (R15)',
    breaches: (firmId) => sql<Breach>`
      select 'UNAPPLIED_FUNDS' as subject, null as "matterId", payments.sum::text as expected, booked.sum::text as found
      from (select coalesce(sum(unapplied_minor), 0) as sum from payment where firm_id = ${firmId}::uuid) as payments
      cross join (
        select coalesce(sum(case side when 'CREDIT' then amount_minor else -amount_minor end), 0) as sum
        from entry where firm_id = ${firmId}::uuid and account = 'UNAPPLIED_FUNDS'
      ) as booked
      where payments.sum <> booked.sum`,
  },
  {
    code: 'RECEIVABLE_WITHOUT_MATTER',
    promise:
      'what is owed without a matter is what payments without a home have lost beyond what lay in unapplied funds (R18)',
    breaches: (firmId) => sql<Breach>`
      select 'REVERSED_PAYMENTS_RECEIVABLE' as subject, null as "matterId", payments.sum::text as expected,
        booked.sum::text as found
      from (
        select coalesce(sum(owed_of(payment)), 0) as sum from payment
        where firm_id = ${firmId}::uuid and matter_id is null
      ) as payments
      cross join (
        select coalesce(sum(case side when 'DEBIT' then amount_minor else -amount_minor end), 0) as sum
        from entry where firm_id = ${firmId}::uuid and account = 'REVERSED_PAYMENTS_RECEIVABLE' and matter_id is null
      ) as booked
      where payments.sum <> booked.sum`,
  },
  {
    code: 'PAYMENT_REFUNDED',
    promise: 'what was given back of a payment are its refunds’ parts that did not fail (R17)',
    breaches: (firmId) => sql<Breach>`
      select payment.id as subject, payment.matter_id as "matterId", parts.amount::text as expected,
        payment.refunded_minor::text as found
      from payment
      cross join lateral (
        select coalesce(sum(amount_minor), 0) as amount from refund_part
        where refund_part.firm_id = payment.firm_id and refund_part.payment_id = payment.id and status <> 'FAILED'
      ) as parts
      where payment.firm_id = ${firmId}::uuid and payment.refunded_minor <> parts.amount`,
  },
  {
    code: 'PAYMENT_OVER_REFUNDED',
    // A part only reserved may be too much for a moment: the provider refuses it when the firm has refunded there meanwhile.
    promise: 'no more has been given back of a payment than was paid (R17)',
    breaches: (firmId) => sql<Breach>`
      select payment.id as subject, payment.matter_id as "matterId", payment.amount_minor::text as expected,
        sum(refund_part.amount_minor)::text as found
      from payment
      join refund_part on refund_part.firm_id = payment.firm_id and refund_part.payment_id = payment.id
      where payment.firm_id = ${firmId}::uuid and refund_part.status = 'TAKEN'
      group by payment.firm_id, payment.id having sum(refund_part.amount_minor) > payment.amount_minor`,
  },
  {
    code: 'PAYMENT_REVERSED',
    promise: 'what was reversed of a payment is what its disputes took and did not give back (R18)',
    breaches: (firmId) => sql<Breach>`
      select payment.id as subject, payment.matter_id as "matterId", disputes.amount::text as expected,
        payment.reversed_minor::text as found
      from payment
      cross join lateral (
        select coalesce(sum(withdrawn_minor - reinstated_minor), 0) as amount from dispute
        where dispute.firm_id = payment.firm_id and dispute.payment_id = payment.id
      ) as disputes
      where payment.firm_id = ${firmId}::uuid and payment.reversed_minor <> disputes.amount`,
  },
  {
    code: 'DISPUTE_POSTED',
    promise: 'what a dispute took and gave back is posted (R18)',
    breaches: (firmId) => sql<Breach>`
      select dispute.id as subject, dispute.matter_id as "matterId", (withdrawn_minor - reinstated_minor)::text as expected,
        posted.amount::text as found
      from dispute
      cross join lateral (
        select coalesce(sum(case entry.side when 'CREDIT' then entry.amount_minor else -entry.amount_minor end), 0) as amount
        from posting join entry on entry.posting_id = posting.id and entry.account = 'PAYMENTS_HOLDING'
        where posting.firm_id = dispute.firm_id
          and posting.key in ('dispute:' || dispute.id || ':withdrawn', 'dispute:' || dispute.id || ':reinstated')
      ) as posted
      where dispute.firm_id = ${firmId}::uuid and withdrawn_minor - reinstated_minor <> posted.amount`,
  },
  {
    code: 'REFUND_PARTS',
    promise: 'a refund is the sum of its parts',
    breaches: (firmId) => sql<Breach>`
      select refund.id as subject, refund.matter_id as "matterId",
        refund.amount_minor || ', by other means ' || refund.other_means_minor as expected,
        parts.amount || ', by other means ' || parts.other as found
      from refund
      cross join lateral (
        select coalesce(sum(amount_minor), 0) as amount, coalesce(sum(amount_minor) filter (where means = 'OTHER'), 0) as other
        from refund_part where refund_part.firm_id = refund.firm_id and refund_part.refund_id = refund.id
      ) as parts
      where refund.firm_id = ${firmId}::uuid
        and (parts.amount <> refund.amount_minor or parts.other <> refund.other_means_minor)`,
  },
  {
    code: 'TRANSFER_POSTED',
    promise: 'a transfer takes from one matter what it gives to the other (R19)',
    breaches: (firmId) => sql<Breach>`
      select coalesce('transfer:' || transfer.id, posted.key) as subject, transfer.from_matter_id as "matterId",
        transfer.from_matter_id || ' to ' || transfer.to_matter_id || ': ' || transfer.amount_minor as expected,
        posted.giver || ' to ' || posted.receiver || ': ' || posted.amount as found
      from (select * from transfer where firm_id = ${firmId}::uuid) as transfer
      full join (
        select posting.key, min(entry.matter_id::text) filter (where side = 'DEBIT') as giver,
          min(entry.matter_id::text) filter (where side = 'CREDIT') as receiver, max(entry.amount_minor) as amount
        from posting join entry on entry.posting_id = posting.id
        where posting.firm_id = ${firmId}::uuid and posting.kind = 'TRANSFER' group by posting.id
      ) as posted on posted.key = 'transfer:' || transfer.id
      where (transfer.from_matter_id::text, transfer.to_matter_id::text, transfer.amount_minor)
        is distinct from (posted.giver, posted.receiver, posted.amount)`,
  },
]
