-- Up Migration

-- R17: under how many keys the provider remembers that it did not make a part, for want of balance. Such a key answers so for a day, whatever
-- has come in since: the next try has the next key.
alter table refund_part add column used_keys int not null default 0 check (used_keys >= 0);
grant update (used_keys) on refund_part to retainer_worker;
