CREATE FUNCTION office_change_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'changes are never changed or deleted';
END $$;

CREATE TRIGGER office_change_as_written BEFORE UPDATE OR DELETE ON office_change
FOR EACH ROW EXECUTE FUNCTION office_change_as_written();
