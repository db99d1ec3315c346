-- SPDX-License-Identifier: GPL-3.0-or-later
-- Takes away what prepare.sql and wt_attach added: first for one table ({table}, {label}), and with the last
-- prepared table also the shared objects.

SELECT {schema}.wt_detach({table});
DELETE FROM {schema}.wt_outbox WHERE tbl = {label};
DELETE FROM {schema}.wt_staged WHERE tbl = {label};
DO $$
BEGIN
  IF to_regclass('{schema}.wt_applied') IS NOT NULL THEN DELETE FROM {schema}.wt_applied WHERE tbl = {label}; END IF;
  IF EXISTS (SELECT FROM pg_trigger WHERE tgname = 'wt_upd' AND NOT tgisinternal) THEN RETURN; END IF;
  DROP TABLE {schema}.wt_outbox, {schema}.wt_staged, {schema}.wt_schema;
  DROP TABLE IF EXISTS {schema}.wt_purged, {schema}.wt_applied;
  DROP SEQUENCE {schema}.wt_version_seq, {schema}.wt_node_seq;
  DROP FUNCTION IF EXISTS {schema}.wt_again(), {schema}.wt_kept();
  DROP FUNCTION {schema}.wt_bump(), {schema}.wt_refuse_truncate(), {schema}.wt_attach(regclass, name, text), {schema}.wt_detach(regclass);
END $$;
