-- Up Migration

-- What a worker looks through every few seconds for matters whose workflow does not know what their books hold.
create index retainer_to_remind on retainer (next_reminder_at) where next_reminder_at is not null;
create index retainer_closed on retainer (updated_at) where phase = 'CLOSED';
