CREATE TABLE counter (
  authority_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (authority_id, name)
);

CREATE TABLE case_event (
  authority_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  position BIGINT NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  role TEXT NOT NULL,
  kind TEXT NOT NULL,
  version BIGINT NOT NULL,
  salt BYTEA,
  contents TEXT,
  contents_hash BYTEA NOT NULL,
  before BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (authority_id, case_id, seq)
);
CREATE UNIQUE INDEX case_event_position ON case_event (authority_id, position);

CREATE TABLE checkpoint (
  authority_id TEXT NOT NULL,
  size BIGINT NOT NULL,
  made_on TEXT NOT NULL CHECK (length(made_on) = 10),
  root BYTEA NOT NULL,
  before BYTEA NOT NULL,
  frontier BYTEA NOT NULL,
  key_id TEXT NOT NULL,
  signature BYTEA NOT NULL,
  PRIMARY KEY (authority_id, size)
);

CREATE TABLE applicant (
  authority_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  name TEXT NOT NULL,
  contact TEXT NOT NULL,
  salt TEXT NOT NULL,
  PRIMARY KEY (authority_id, case_id)
);

CREATE TABLE sealed_holding (
  authority_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  question_id TEXT NOT NULL,
  area TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (authority_id, case_id, question_id, area)
);

CREATE TABLE intake (
  authority_id TEXT NOT NULL,
  once TEXT NOT NULL,
  case_id TEXT NOT NULL,
  PRIMARY KEY (authority_id, once)
);

CREATE TABLE case_summary (
  authority_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  reference TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL,
  is_open BIGINT NOT NULL,
  waiting_for TEXT NOT NULL,
  owner TEXT NOT NULL,
  areas TEXT NOT NULL,
  categories TEXT NOT NULL,
  questions BIGINT NOT NULL,
  received_on TEXT NOT NULL CHECK (length(received_on) = 10),
  due_on TEXT NOT NULL CHECK (length(due_on) = 10),
  answered_on TEXT,
  first_due_on TEXT NOT NULL CHECK (length(first_due_on) = 10),
  extended BIGINT NOT NULL,
  outcome TEXT,
  provisions TEXT NOT NULL,
  late_cause TEXT,
  published_at TEXT,
  PRIMARY KEY (authority_id, case_id)
);
CREATE UNIQUE INDEX case_summary_reference ON case_summary (authority_id, reference);
CREATE INDEX case_summary_queue ON case_summary (authority_id, is_open, due_on, case_id);
CREATE INDEX case_summary_owner ON case_summary (authority_id, owner, is_open, due_on, case_id);
CREATE INDEX case_summary_waiting ON case_summary (authority_id, waiting_for, is_open, due_on, case_id);
CREATE INDEX case_summary_received ON case_summary (authority_id, received_on, case_id);

CREATE TABLE job (
  authority_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  run_on TEXT NOT NULL CHECK (length(run_on) = 10),
  lease_by TEXT,
  lease_until TEXT,
  attempts BIGINT NOT NULL,
  failure TEXT,
  PRIMARY KEY (authority_id, case_id)
);
CREATE INDEX job_due ON job (authority_id, run_on, case_id);
