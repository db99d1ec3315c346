-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a database needs before Throughline writes through it: the objects of the write-through protocol.
-- Idempotent. {schema} is the quoted schema of the shared objects; one call of wt_attach per mapped table follows.
-- Names are qualified throughout: the triggers also run for sessions with another search_path.

CREATE TABLE IF NOT EXISTS {schema}.wt_schema(version int NOT NULL);
INSERT INTO {schema}.wt_schema SELECT {version} WHERE NOT EXISTS (SELECT FROM {schema}.wt_schema);
UPDATE {schema}.wt_schema SET version = {version} WHERE version < {version};

CREATE SEQUENCE IF NOT EXISTS {schema}.wt_version_seq CACHE 1;
CREATE SEQUENCE IF NOT EXISTS {schema}.wt_node_seq AS int;

CREATE TABLE IF NOT EXISTS {schema}.wt_outbox(
  seq        bigint      NOT NULL,              -- drawn from wt_version_seq after every version in the row
  owner      int,                               -- node that answers for the push; NULL: foreign SQL, nobody yet
  op         "char"      NOT NULL,              -- U | D
  tbl        text        NOT NULL,              -- label of the mapping
  op_id      uuid,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  drained_at timestamptz,
  ids        text[]      NOT NULL               -- 1..500 keys
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX IF NOT EXISTS wt_outbox_owner ON {schema}.wt_outbox(owner, seq);
CREATE INDEX IF NOT EXISTS wt_outbox_del ON {schema}.wt_outbox(seq) WHERE op = 'D';

CREATE TABLE IF NOT EXISTS {schema}.wt_staged(
  op_id uuid PRIMARY KEY, tbl text NOT NULL, id text, ack text, status text NOT NULL, err text,
  at timestamptz NOT NULL DEFAULT clock_timestamp());
ALTER TABLE {schema}.wt_staged ADD COLUMN IF NOT EXISTS what "char";   -- of a staged write: = or ~; ? when nobody can tell
CREATE INDEX IF NOT EXISTS wt_staged_at ON {schema}.wt_staged(at);
CREATE INDEX IF NOT EXISTS wt_staged_failed ON {schema}.wt_staged(at) WHERE status = 'failed';

-- Per field of a row, the newest message of a stream that has set it: an older one may not win over it.
CREATE TABLE IF NOT EXISTS {schema}.wt_applied(
  tbl text NOT NULL, stream text NOT NULL, id text NOT NULL, field text NOT NULL,
  ms bigint NOT NULL, n bigint NOT NULL,        -- the two halves of the message's id
  PRIMARY KEY (tbl, stream, id, field)) WITH (fillfactor = 70);

-- No push later than this has left the outbox: what recovery holds the heartbeat against that Redis came back with.
CREATE TABLE IF NOT EXISTS {schema}.wt_purged(at timestamptz NOT NULL);
INSERT INTO {schema}.wt_purged SELECT '-infinity' WHERE NOT EXISTS (SELECT FROM {schema}.wt_purged);

-- The triggers run as whoever writes to the table, so whoever may write must be able to leave a note in the outbox.
GRANT SELECT, INSERT ON {schema}.wt_outbox TO PUBLIC;
GRANT USAGE ON SEQUENCE {schema}.wt_version_seq TO PUBLIC;
-- And a role that does not own the table may use Throughline on it, once the owner has prepared it.
GRANT SELECT ON {schema}.wt_schema TO PUBLIC;
GRANT SELECT, INSERT ON {schema}.wt_staged TO PUBLIC;
GRANT SELECT ON {schema}.wt_purged TO PUBLIC;
GRANT SELECT, INSERT, UPDATE ON {schema}.wt_applied TO PUBLIC;
GRANT USAGE ON SEQUENCE {schema}.wt_node_seq TO PUBLIC;

CREATE OR REPLACE FUNCTION {schema}.wt_bump() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := nextval('{schema}.wt_version_seq');
  IF NEW.version <= OLD.version THEN                              -- not so for an INSERT, where OLD.version is NULL
    RAISE EXCEPTION 'wt: wt_version_seq is behind the version of a row; run setval' USING ERRCODE = '55000';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION {schema}.wt_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'wt: TRUNCATE would bypass the cache; use DELETE' USING ERRCODE = '0A000'; END $$;

-- Takes a whole statement back that has met a row which is not what its snapshot showed: it is sent again.
CREATE OR REPLACE FUNCTION {schema}.wt_again() RETURNS text LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'wt: a row changed meanwhile; try again' USING ERRCODE = '40001'; END $$;

-- The same where sending it again would not help.
CREATE OR REPLACE FUNCTION {schema}.wt_kept() RETURNS text LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'A trigger or a policy of the table kept the row as it was' USING ERRCODE = 'P0001'; END $$;

CREATE OR REPLACE FUNCTION {schema}.wt_attach(rel regclass, key name, label text) RETURNS void LANGUAGE plpgsql AS $attach$
DECLARE sch text := (SELECT quote_ident(n.nspname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = rel);
        fu text := sch || '.wt_update_' || rel::oid;  fx text := sch || '.wt_change_' || rel::oid;  t text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_class WHERE oid = rel AND relkind = 'r' AND relpersistence = 'p' AND NOT relispartition AND NOT relhassubclass) THEN
    RAISE EXCEPTION 'wt: % must be an ordinary table without partitions or children', rel; END IF;
  IF NOT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = rel AND a.attnum = i.indkey[0] WHERE i.indrelid = rel AND a.attname = key
                 AND a.attnotnull AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indnkeyatts = 1 AND i.indpred IS NULL) THEN
    RAISE EXCEPTION 'wt: % needs a unique, not deferrable index on %, NOT NULL', rel, key; END IF;
  EXECUTE format('ALTER TABLE %s ADD COLUMN IF NOT EXISTS version bigint', rel);
  EXECUTE format('COMMENT ON COLUMN %s.version IS ''throughline: number of the last change''', rel);
  EXECUTE format('UPDATE %s SET version = nextval(''{schema}.wt_version_seq'') WHERE version IS NULL', rel);
  EXECUTE format('SELECT setval(''{schema}.wt_version_seq'', m) FROM (SELECT max(version) AS m FROM %s) s WHERE m > (SELECT last_value FROM {schema}.wt_version_seq)', rel);  -- never backwards
  EXECUTE format('ALTER TABLE %s ALTER version SET DEFAULT nextval(''{schema}.wt_version_seq''), ALTER version SET NOT NULL', rel);

  -- AFTER UPDATE, statement: the hot path, one query that names every column in its type, which is cheapest to start
  EXECUTE format($t$ CREATE OR REPLACE FUNCTION %1$s() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  -- What a trigger of somebody else changed on its own is nobody's push: without owner and operation it is drained.
  INSERT INTO {schema}.wt_outbox(seq, owner, op, tbl, op_id, at, drained_at, ids)
    SELECT nextval('{schema}.wt_version_seq'), CASE WHEN pg_trigger_depth() = 1 THEN nullif(current_setting('wt.node', true), '')::int END, 'U'::"char", %3$L::text,
      CASE WHEN pg_trigger_depth() = 1 THEN nullif(current_setting('wt.op', true), '')::uuid END,
      clock_timestamp(), NULL::timestamptz, a
    FROM (SELECT ARRAY(SELECT %2$I::text FROM new_rows LIMIT 501) AS a OFFSET 0) s WHERE cardinality(a) BETWEEN 1 AND 500;   -- OFFSET 0: build a once
  IF NOT FOUND THEN                                                                        -- no row at all, or more than 500
    INSERT INTO {schema}.wt_outbox(seq, owner, op, tbl, op_id, ids)
      SELECT nextval('{schema}.wt_version_seq'), CASE WHEN pg_trigger_depth() = 1 THEN nullif(current_setting('wt.node', true), '')::int END, 'U', %3$L,
        CASE WHEN pg_trigger_depth() = 1 THEN nullif(current_setting('wt.op', true), '')::uuid END, a
      FROM (SELECT array_agg(x) AS a FROM (SELECT %2$I::text AS x, (row_number() OVER () - 1) / 500 AS g FROM new_rows) r GROUP BY g) s;
  END IF;
  RETURN NULL;
END $f$ $t$, fu, key, label);

  -- INSERT, DELETE (statement), changed key (row)
  EXECUTE format($t$ CREATE OR REPLACE FUNCTION %1$s() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE node int := CASE WHEN pg_trigger_depth() = 1 THEN nullif(current_setting('wt.node', true), '')::int END;
        oid uuid := CASE WHEN pg_trigger_depth() = 1 THEN nullif(current_setting('wt.op', true), '')::uuid END;
        rc boolean := current_setting('transaction_isolation') IN ('read committed', 'read uncommitted');
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO {schema}.wt_outbox(seq, owner, op, tbl, op_id, ids) SELECT nextval('{schema}.wt_version_seq'), node, 'D', %3$L, oid, a
      FROM (SELECT array_agg(x) AS a FROM (SELECT %2$I::text AS x, (row_number() OVER () - 1) / 500 AS g FROM old_rows) r GROUP BY g) s;
    RETURN NULL;
  END IF;
  IF NOT rc AND node IS NOT NULL THEN RAISE EXCEPTION 'wt: own writers use READ COMMITTED' USING ERRCODE = '25000'; END IF;
  IF TG_LEVEL = 'ROW' THEN                                        -- UPDATE of the key: the old key is gone; wt_upd records the new one
    INSERT INTO {schema}.wt_outbox(seq, owner, op, tbl, op_id, ids) VALUES (nextval('{schema}.wt_version_seq'), node, 'D', %3$L, oid, ARRAY[OLD.%2$I::text]);
    IF NOT rc THEN UPDATE %4$s SET version = version WHERE %2$I = NEW.%2$I; RETURN NULL; END IF;
    PERFORM FROM {schema}.wt_outbox d WHERE d.op = 'D' AND d.seq > NEW.version AND d.tbl = %3$L AND d.ids @> ARRAY[NEW.%2$I::text];
  ELSE                                                            -- INSERT
    IF NOT rc THEN UPDATE %4$s t SET version = t.version FROM new_rows n WHERE t.%2$I = n.%2$I; RETURN NULL; END IF;   -- drawn again; wt_upd records it
    INSERT INTO {schema}.wt_outbox(seq, owner, op, tbl, op_id, ids) SELECT nextval('{schema}.wt_version_seq'), node, 'U', %3$L, oid, a
      FROM (SELECT array_agg(x) AS a FROM (SELECT %2$I::text AS x, (row_number() OVER () - 1) / 500 AS g FROM new_rows) r GROUP BY g) s;
    IF NOT FOUND OR NOT EXISTS (SELECT FROM {schema}.wt_outbox d WHERE d.op = 'D' AND d.seq > (SELECT min(version) FROM new_rows)) THEN RETURN NULL; END IF;
    PERFORM FROM {schema}.wt_outbox d, unnest(d.ids) i(id) JOIN new_rows n ON n.%2$I::text = i.id
      WHERE d.op = 'D' AND d.seq > (SELECT min(version) FROM new_rows) AND d.seq > n.version AND d.tbl = %3$L;
  END IF;
  IF FOUND THEN RAISE EXCEPTION 'wt: the key was deleted meanwhile; try again' USING ERRCODE = '40001'; END IF;
  RETURN NULL;
END $f$ $t$, fx, key, label, rel);

  -- PostgreSQL parses the WHEN of a row trigger again for each statement, so what every UPDATE passes has to be short:
  -- zzz_wt_update draws for whoever does not set a higher version, and zzz_wt_set only where the statement sets it.
  EXECUTE format($t$
CREATE OR REPLACE TRIGGER zzz_wt_insert BEFORE INSERT ON %1$s FOR EACH ROW
  WHEN (coalesce(current_setting('wt.node', true), '') = '') EXECUTE FUNCTION {schema}.wt_bump();
CREATE OR REPLACE TRIGGER zzz_wt_set BEFORE UPDATE OF version ON %1$s FOR EACH ROW
  WHEN (coalesce(current_setting('wt.node', true), '') = '') EXECUTE FUNCTION {schema}.wt_bump();
CREATE OR REPLACE TRIGGER zzz_wt_update BEFORE UPDATE ON %1$s FOR EACH ROW
  WHEN ((NEW.version <= OLD.version) IS NOT FALSE) EXECUTE FUNCTION {schema}.wt_bump();
CREATE OR REPLACE TRIGGER wt_ins AFTER INSERT ON %1$s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION %3$s();
CREATE OR REPLACE TRIGGER wt_upd AFTER UPDATE ON %1$s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION %2$s();
CREATE OR REPLACE TRIGGER wt_del AFTER DELETE ON %1$s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION %3$s();
CREATE OR REPLACE TRIGGER wt_key AFTER UPDATE ON %1$s FOR EACH ROW WHEN (OLD.%4$I IS DISTINCT FROM NEW.%4$I) EXECUTE FUNCTION %3$s();
CREATE OR REPLACE TRIGGER wt_trunc BEFORE TRUNCATE ON %1$s FOR EACH STATEMENT EXECUTE FUNCTION {schema}.wt_refuse_truncate()$t$, rel, fu, fx, key);
  FOREACH t IN ARRAY '{zzz_wt_insert,zzz_wt_set,zzz_wt_update,wt_ins,wt_upd,wt_del,wt_key,wt_trunc}'::text[] LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', rel, t); END LOOP;
END $attach$;

CREATE OR REPLACE FUNCTION {schema}.wt_detach(rel regclass) RETURNS void LANGUAGE plpgsql AS $detach$
DECLARE sch text := (SELECT quote_ident(n.nspname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = rel);
        t text;
BEGIN
  FOREACH t IN ARRAY '{zzz_wt_insert,zzz_wt_set,zzz_wt_update,wt_ins,wt_upd,wt_del,wt_key,wt_trunc}'::text[] LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON %s', t, rel); END LOOP;
  EXECUTE format('DROP FUNCTION IF EXISTS %s(), %s()', sch || '.wt_update_' || rel::oid, sch || '.wt_change_' || rel::oid);
  EXECUTE format('ALTER TABLE %s DROP COLUMN IF EXISTS version', rel);
END $detach$;
