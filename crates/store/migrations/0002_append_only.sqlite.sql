CREATE TRIGGER case_event_stays BEFORE DELETE ON case_event
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

CREATE TRIGGER case_event_as_written BEFORE UPDATE ON case_event
WHEN NEW.contents IS NOT NULL OR NEW.salt IS NOT NULL
  OR OLD.authority_id <> NEW.authority_id OR OLD.case_id <> NEW.case_id OR OLD.seq <> NEW.seq
  OR OLD.position <> NEW.position OR OLD.at <> NEW.at OR OLD.actor <> NEW.actor OR OLD.role <> NEW.role
  OR OLD.kind <> NEW.kind OR OLD.version <> NEW.version OR OLD.contents_hash <> NEW.contents_hash
  OR OLD.before <> NEW.before OR OLD.hash <> NEW.hash
BEGIN SELECT RAISE(ABORT, 'events are never changed; their contents may be destroyed'); END;
