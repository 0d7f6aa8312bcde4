-- What each published answer is about, as ids with a space between.
ALTER TABLE log_entry ADD COLUMN topics TEXT NOT NULL DEFAULT '';
CREATE INDEX log_entry_topics ON log_entry (authority_id, topics);
