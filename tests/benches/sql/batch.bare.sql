-- What batch.prepared.sql does, without a version and without saying who writes.
\set id random(1, :rows - 500)
\set score random(1000, 999999)
WITH t AS MATERIALIZED (SELECT n AS id, :score::int AS score FROM unnest((SELECT array_agg(n) FROM generate_series(:id::int, :id::int + 499) n)) n), l AS MATERIALIZED (SELECT t.*, u.id AS base FROM users u JOIN t USING (id) ORDER BY u.id FOR UPDATE OF u) UPDATE users u SET score = l.score FROM l WHERE u.id = l.id RETURNING u.*;
