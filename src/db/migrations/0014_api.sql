-- Up Migration

-- An invoice's payments from the retainer are read from the books.
create index entry_by_invoice on entry (invoice_id) where invoice_id is not null;
