-- One row, as any other program updates it.
\set id random(1, :rows)
\set score random(1000, 999999)
UPDATE users SET score = :score WHERE id = :id;
