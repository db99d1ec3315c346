-- SPDX-License-Identifier: GPL-3.0-or-later
-- Test only: every committed change of users, in the order of the row locks. `n` is drawn in an AFTER ROW trigger, so
-- while the transaction holds the lock of the row: per key the order of n is the order of the commits.
CREATE SEQUENCE fault_audit_seq;
CREATE TABLE fault_audit(
  n       bigint  NOT NULL DEFAULT nextval('fault_audit_seq') PRIMARY KEY,
  key     text    NOT NULL,
  version bigint  NOT NULL,
  op_id   text    NOT NULL,
  deleted boolean NOT NULL,
  value   text    NOT NULL,
  xid     text    NOT NULL DEFAULT pg_current_xact_id()::text);

CREATE FUNCTION fault_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE op text := coalesce(current_setting('wt.op', true), '');
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND NEW.id <> OLD.id) THEN
    -- Above every version of the row, and below every one of a row that takes the key again.
    INSERT INTO fault_audit(key, version, op_id, deleted, value)
      VALUES (OLD.id::text, nextval('wt_version_seq'), op, true, '');
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO fault_audit(key, version, op_id, deleted, value)
      VALUES (NEW.id::text, NEW.version, op, false, coalesce(NEW.first_name, ''));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER fault_audit AFTER INSERT OR UPDATE OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION fault_audit();
ALTER TABLE users ENABLE ALWAYS TRIGGER fault_audit;
