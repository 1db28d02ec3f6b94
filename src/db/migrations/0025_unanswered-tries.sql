-- Up Migration

-- R12: since when a try of a mail is without an answer, so that its fate is unknown. An answer that nothing was sent takes back what
-- its own try has noted here, unless another one has begun since.
alter table effect add column unanswered_since timestamptz, add column last_tried_at timestamptz;
update effect set unanswered_since = first_tried_at where status = 'PLANNED';

-- Workers of the versions before this one note only when they first tried, and never that they were answered.
create function note_unanswered() returns trigger language plpgsql as $$
begin
  new.unanswered_since := coalesce(new.unanswered_since, now());
  new.last_tried_at := now();
  return new;
end $$;
create trigger note_unanswered before update of first_tried_at on effect for each row
  when (new.first_tried_at is not null and new.last_tried_at is not distinct from old.last_tried_at)
  execute function note_unanswered();
