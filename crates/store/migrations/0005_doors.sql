ALTER TABLE account ADD COLUMN recovery TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX account_subject ON account (authority_id, subject);
ALTER TABLE session ADD COLUMN waits BIGINT NOT NULL DEFAULT 0;

CREATE TABLE handover (
  authority_id TEXT NOT NULL,
  state_hash TEXT NOT NULL,
  browser_hash TEXT NOT NULL,
  nonce TEXT NOT NULL,
  verifier TEXT NOT NULL,
  next_page TEXT NOT NULL,
  began_at TEXT NOT NULL,
  PRIMARY KEY (authority_id, state_hash)
);

CREATE TABLE api_key (
  authority_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  key_hash TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  role TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  used_at TEXT,
  revoked_at TEXT,
  PRIMARY KEY (authority_id, key_id)
);
CREATE UNIQUE INDEX api_key_hash ON api_key (authority_id, key_hash);

CREATE TABLE webhook (
  authority_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  url TEXT NOT NULL,
  secret TEXT NOT NULL,
  kinds TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  ended_at TEXT,
  position BIGINT NOT NULL,
  PRIMARY KEY (authority_id, webhook_id)
);

CREATE TABLE delivery (
  authority_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  case_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  happened_at TEXT NOT NULL,
  run_at TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  state TEXT NOT NULL,
  outcome TEXT,
  PRIMARY KEY (authority_id, webhook_id, position)
);
CREATE INDEX delivery_due ON delivery (authority_id, state, run_at);
