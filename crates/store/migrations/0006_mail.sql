CREATE TABLE mail (
  authority_id TEXT NOT NULL,
  mail_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  recipient TEXT NOT NULL,
  happened_at TEXT NOT NULL,
  run_at TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  state TEXT NOT NULL,
  outcome TEXT,
  PRIMARY KEY (authority_id, mail_id)
);
CREATE INDEX mail_due ON mail (authority_id, state, run_at);
CREATE INDEX mail_case ON mail (authority_id, case_id, seq);

INSERT INTO mail (authority_id, mail_id, case_id, seq, kind, recipient, happened_at, run_at, attempts, state)
  SELECT authority_id, case_id || '.' || seq, case_id, seq, kind, '', at, at, 0, 'waiting'
  FROM case_event AS received WHERE kind = 'received' AND NOT EXISTS
    (SELECT 1 FROM case_event AS later WHERE later.authority_id = received.authority_id
      AND later.case_id = received.case_id AND later.kind IN ('acknowledged', 'destroyed'));
