CREATE TABLE account (
  authority_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  secret TEXT NOT NULL,
  second_secret TEXT,
  second_step BIGINT NOT NULL,
  roles TEXT NOT NULL,
  team TEXT NOT NULL,
  is_active BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  locked_until TEXT,
  PRIMARY KEY (authority_id, account_id)
);
CREATE UNIQUE INDEX account_email ON account (authority_id, email);

CREATE TABLE session (
  authority_id TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  account_id TEXT NOT NULL,
  form_token TEXT NOT NULL,
  began_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  PRIMARY KEY (authority_id, token_hash)
);
CREATE INDEX session_account ON session (authority_id, account_id);

CREATE TABLE private_link (
  authority_id TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  purpose TEXT NOT NULL,
  case_id TEXT NOT NULL,
  details TEXT NOT NULL,
  ends_on TEXT NOT NULL CHECK (length(ends_on) = 10),
  PRIMARY KEY (authority_id, token_hash)
);
CREATE INDEX private_link_case ON private_link (authority_id, case_id);

CREATE TABLE tally (
  authority_id TEXT NOT NULL,
  day TEXT NOT NULL CHECK (length(day) = 10),
  name TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (authority_id, day, name)
);

CREATE TABLE setting (
  authority_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (authority_id, name)
);

CREATE TABLE log_entry (
  authority_id TEXT NOT NULL,
  address TEXT NOT NULL,
  case_id TEXT NOT NULL,
  published_on TEXT NOT NULL CHECK (length(published_on) = 10),
  changed_on TEXT NOT NULL CHECK (length(changed_on) = 10),
  removed_because TEXT,
  title TEXT NOT NULL,
  received_on TEXT NOT NULL CHECK (length(received_on) = 10),
  answered_on TEXT NOT NULL CHECK (length(answered_on) = 10),
  outcome TEXT NOT NULL,
  contents TEXT NOT NULL,
  PRIMARY KEY (authority_id, address)
);
CREATE INDEX log_entry_newest ON log_entry (authority_id, published_on DESC, address);
CREATE INDEX log_entry_case ON log_entry (authority_id, case_id);
