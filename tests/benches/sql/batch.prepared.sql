-- 500 rows in one statement, as the program writes them.
\if not :is_node
SELECT set_config('wt.node', (:client_id + 1)::text, false);
\endif
\set is_node true
\set id random(1, :rows - 500)
\set score random(1000, 999999)
WITH t AS MATERIALIZED (SELECT n AS id, :score::int AS score FROM unnest((SELECT array_agg(n) FROM generate_series(:id::int, :id::int + 499) n)) n), l AS MATERIALIZED (SELECT t.*, u.version AS base FROM users u JOIN t USING (id) ORDER BY u.id FOR UPDATE OF u) UPDATE users u SET score = l.score, version = nextval('wt_version_seq') FROM l WHERE u.id = l.id AND u.version = l.base AND (SELECT set_config('wt.op', '00000000-0000-4000-8000-000000000000', true)) IS NOT NULL RETURNING u.*;
