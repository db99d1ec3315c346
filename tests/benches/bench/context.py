# SPDX-License-Identifier: GPL-3.0-or-later
"""What every group of measurements is given: how long, on which servers, with which tables."""

import os
import sys
from dataclasses import dataclass

from . import cpu, stores
from .clients import Psql
from .commands import pgbench
from .errors import BenchError
from .servers import find_tool


@dataclass(frozen=True)
class Plan:
    rounds: int
    seconds: float  # of one side of a round
    short: float  # the same where CPU is counted, which needs less, or where a round has many sides
    shown: int  # rounds of what is not judged
    fresh: bool  # pgbench anew for each row that is held against it; else the same rounds serve them all
    needed: int  # good rounds
    rows: int  # of the main table; not fewer than 100,000, or a batch meets itself too often
    growth: tuple  # sizes, rising
    messages: int
    grid: tuple  # of (connections, batch)


def say(text):
    print(text, file=sys.stderr, flush=True)


class Bench:
    def __init__(self, plan, servers, source, build):
        self.plan = plan
        self.servers = servers
        self.source = source
        self.build = build
        self.psql = Psql(servers.conninfo("postgres"))
        self.tables = {}
        self.limits = {}

    def program(self, name):
        return os.path.join(self.build, name)

    def path(self, *names):
        return os.path.join(self.source, "tests/benches", *names)

    def tool(self, name):
        return find_tool(name)

    def snapshot(self, **more):
        return cpu.snapshot({**self.servers.pids, **more})

    def environment(self, **more):
        """For our programs: none of the caller's own configuration, journals and servers is touched."""
        work = self.servers.work
        return dict(
            os.environ, HOME=work, XDG_CONFIG_HOME=f"{work}/config", XDG_STATE_HOME=f"{work}/state", XDG_DATA_HOME=f"{work}/share",
            XDG_RUNTIME_DIR=f"{work}/runtime", QT_QPA_PLATFORM="offscreen", LC_ALL="C.UTF-8", TZ="UTC", **more,
        )

    def table(self, name):
        """main, bare, price, or growthN: made when first asked for."""
        if name not in self.tables:
            say(f"   table {name}")
            self.tables[name] = self.make(name)
        return self.tables[name]

    def make(self, name):
        rows = self.plan.rows
        if name == "bare":
            return stores.bare(self, name, rows)
        if name == "main":
            return stores.prepared(self, name, rows)
        if name == "price":
            return stores.prepared(self, name, rows, warm=False)
        if name.startswith("growth"):
            rows = int(name.removeprefix("growth"))
            return stores.prepared(self, name, rows, redis_database=1 + self.plan.growth.index(rows))
        raise BenchError(f"There is no table {name}.")

    def largest(self):
        return self.table(f"growth{self.plan.growth[-1]}")

    def rounds(self):
        return range(self.plan.rounds)

    def single_updates(self, number):
        """The limit of round `number` for many clients: one row each, on the bare table of the original."""
        if self.plan.fresh or number not in self.limits:
            self.limits[number] = pgbench(self, self.table("bare"), "single.sql", self.plan.seconds)
        return self.limits[number]
