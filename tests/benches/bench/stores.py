# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases of made-up users: the bare table of the original, and the prepared one with its cache."""

import os
import subprocess
from dataclasses import dataclass

from .clients import Psql, RedisCli
from .errors import BenchError
from .servers import DURABLE, POSTGRES

# The same free room in each page on both sides; it is what the program advises.
FILL = "ALTER TABLE users SET (fillfactor = 90)"
ROWS = """INSERT INTO users(username, email, password_hash, first_name, last_name, date_of_birth, score)
 SELECT 'user' || n, 'user' || n || '@example.org', repeat('x', 60), 'First' || n, 'Last' || n, '1981-01-01', 0
 FROM generate_series(1, {rows}) n"""
# The triggers have noted each row for a cache that has none of them yet.
SETTLED = "TRUNCATE wt_outbox"


@dataclass(frozen=True)
class Counts:
    updates: int  # of users
    outbox: int
    versions: int


class Table:
    """One database with a users table."""

    def __init__(self, bench, name, rows, redis_database=0):
        self.bench = bench
        self.name = name
        self.rows = rows
        self.conninfo = bench.servers.conninfo(name)
        bench.psql.run(f"CREATE DATABASE {name}")
        self.psql = Psql(self.conninfo)
        self.redis = RedisCli(bench.servers.redis_socket, redis_database)
        self.redis_database = redis_database
        with open(os.path.join(bench.source, "sql/users.sql"), encoding="utf-8") as file:
            self.psql.run(file.read())
        self.psql.run(FILL)

    def fill(self):
        """Without a checkpoint, after which each page would be written to the log in full once more."""
        self.psql.run(ROWS.format(rows=self.rows))
        self.psql.run("VACUUM (FREEZE, ANALYZE) users")

    def environment(self):
        return self.bench.environment(
            THROUGHLINE_PG=self.conninfo, THROUGHLINE_REDIS=self.bench.servers.redis_url(self.redis_database)
        )

    def ctl(self, *arguments):
        """Runs throughlinectl to its end; its output."""
        done = subprocess.run(
            [self.bench.program("bin/throughlinectl"), *arguments],
            capture_output=True, text=True, env=self.environment(), check=False,
        )
        if done.returncode != 0:
            raise BenchError(f"throughlinectl {arguments[0]} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
        return done.stdout

    def settle(self):
        """Nothing of an earlier round is left to be done in a later one."""
        self.psql.run(SETTLED)

    def counts(self):
        """What PostgreSQL says was written so far; the bare table has no versions."""
        updates, notes = (
            self.psql.number(f"SELECT coalesce(sum({what}), 0) FROM pg_stat_user_tables WHERE relname = '{name}'")
            for what, name in (("n_tup_upd", "users"), ("n_tup_ins", "wt_outbox"))
        )
        drawn = self.psql.number("SELECT coalesce(sum(last_value), 0) FROM pg_sequences WHERE sequencename = 'wt_version_seq'")
        return Counts(updates, notes, drawn)


def bare(bench, name, rows):
    table = Table(bench, name, rows)
    table.fill()
    return table


def prepared(bench, name, rows, redis_database=0, warm=True):
    """Prepared while it is empty, so that no row is written twice."""
    table = Table(bench, name, rows, redis_database)
    table.ctl("prepare")
    table.fill()
    table.settle()
    if warm:
        table.ctl("gateway", "--once")
        table.ctl("warm")
        size = int(table.redis.run("DBSIZE")[0])
        if size < rows:
            raise BenchError(f"Only {size} of {rows} rows are in the cache.")
    return table


def check_durability(bench):
    """Both sides write to these servers, so what is durable for one is durable for the other."""
    for name in DURABLE:
        value = bench.psql.run(f"SHOW {name}")[0]
        if value != POSTGRES[name]:
            raise BenchError(f"{name} is {value}, so the figures would mean nothing.")
    answer = RedisCli(bench.servers.redis_socket).run("CONFIG", "GET", "append*")
    settings = dict(zip(answer[::2], answer[1::2]))
    if settings.get("appendonly") != "yes" or settings.get("appendfsync") != "everysec":
        raise BenchError("Redis does not keep its log, so the figures would mean nothing.")
