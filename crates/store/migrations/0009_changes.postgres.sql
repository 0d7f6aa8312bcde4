-- What was changed in how the office is set up: accounts, name and colours, wording, keys, subscriptions.
CREATE TABLE office_change (
  authority_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  about TEXT NOT NULL,
  details TEXT NOT NULL,
  PRIMARY KEY (authority_id, number)
);

CREATE FUNCTION office_change_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'changes are never changed or deleted';
END $$;

CREATE TRIGGER office_change_as_written BEFORE UPDATE OR DELETE ON office_change
FOR EACH ROW EXECUTE FUNCTION office_change_as_written();
