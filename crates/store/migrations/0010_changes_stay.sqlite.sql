CREATE TRIGGER office_change_stays BEFORE DELETE ON office_change
BEGIN SELECT RAISE(ABORT, 'changes are never deleted'); END;

CREATE TRIGGER office_change_as_written BEFORE UPDATE ON office_change
BEGIN SELECT RAISE(ABORT, 'changes are never changed'); END;
