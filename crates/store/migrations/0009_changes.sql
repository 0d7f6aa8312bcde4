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
