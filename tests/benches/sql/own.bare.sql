-- What own.prepared.sql does, without a version and without saying who writes.
\set id random(1, :rows)
\set score random(1000, 999999)
UPDATE users SET score = :score WHERE id = :id RETURNING *;
