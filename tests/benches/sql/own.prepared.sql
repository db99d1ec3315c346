-- One row as the program writes it. Each client is a node of its own, as each connection of the program is.
\if not :is_node
SELECT set_config('wt.node', (:client_id + 1)::text, false);
\endif
\set is_node true
\set id random(1, :rows)
\set score random(1000, 999999)
UPDATE users SET score = :score, version = nextval('wt_version_seq') WHERE id = :id AND version > 0 AND (SELECT set_config('wt.op', '00000000-0000-4000-8000-000000000000', true)) IS NOT NULL RETURNING *;
