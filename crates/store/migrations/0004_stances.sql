CREATE TABLE stance (
  authority_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  question_id TEXT NOT NULL,
  topic TEXT NOT NULL,
  way TEXT NOT NULL,
  decided_on TEXT NOT NULL CHECK (length(decided_on) = 10),
  reference TEXT NOT NULL,
  label TEXT NOT NULL,
  PRIMARY KEY (authority_id, case_id, question_id, topic)
);
CREATE INDEX stance_topic ON stance (authority_id, topic, decided_on);
