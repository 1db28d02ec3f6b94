-- Up Migration

-- The effect that an event of a mail is about, as the tag of the mail tells: known even where the books do not know that it went out.
alter table inbox add column effect_id text;
grant insert (effect_id) on inbox to retainer_api;
