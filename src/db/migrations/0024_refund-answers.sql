-- Up Migration

-- The provider was asked for this part and did not answer: it may have made it. Until it has said, the part is not given back.
alter table refund_part add column unanswered boolean not null default false;
grant update (unanswered) on refund_part to retainer_worker;
