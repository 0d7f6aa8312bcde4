CREATE INDEX case_summary_statistics ON case_summary
  (authority_id, received_on, answered_on, first_due_on, extended, outcome, provisions);
