# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole table at once: comparing it with the cache, and filling the cache."""

import csv
import re
import subprocess

from .. import cpu
from ..catalog import BULK
from ..clients import RedisCli
from ..commands import timed_ctl
from ..errors import BenchError
from ..judging import Round, judge
from ..servers import find_redis_tool

SPECS = BULK
SPARE_DATABASE = 15  # of Redis: what the limit writes is thrown away


def copy_out(bench, table):
    """Rows per second that a client reads and throws away, by psql's own clock."""
    before = bench.snapshot()
    done = subprocess.run(
        [bench.tool("psql"), "-XAtq", "-c", r"\timing on", "-c", r"\copy users to '/dev/null'", table.conninfo],
        capture_output=True, text=True, check=True,
    )
    milliseconds = float(re.search(r"Time: ([0-9.]+) ms", done.stdout)[1])
    return table.rows / milliseconds * 1000, cpu.usage(before, bench.snapshot()).foreign


def verify(bench, *options):
    table = bench.table("main")
    table.ctl("warm")  # whatever a measurement before this has left out
    for _ in bench.rounds():
        result, busy = timed_ctl(bench, table, "verify", *options)
        if result["rows"] != table.rows or result["differing"] or result["not_cached"]:
            raise BenchError(f"verify compared {result['rows']} rows, {result['differing']} differ.")
        limit, busier = copy_out(bench, table)
        yield Round(result["rows"] / result["elapsed_s"], limit, max(busy, busier))


def redis_benchmark(bench, table, payload):
    """Hashes per second of the real tool: the same fields and values, without any rule about who may write."""
    before = bench.snapshot()
    done = subprocess.run(
        [find_redis_tool("benchmark"), "-s", bench.servers.redis_socket, "--dbnum", str(SPARE_DATABASE), "-c", "1", "-P", "500",
         "-n", str(table.rows), "-r", str(table.rows), "--csv", "HSET", "users:__rand_int__", *payload],
        capture_output=True, text=True, check=True,
    )
    foreign = cpu.usage(before, bench.snapshot()).foreign
    RedisCli(bench.servers.redis_socket, SPARE_DATABASE).run("FLUSHDB")
    return float(next(csv.DictReader(done.stdout.splitlines()))["rps"]), foreign


def warm(bench):
    table = bench.table("main")
    payload = table.redis.run("HGETALL", "users:7")
    for _ in bench.rounds():
        table.ctl("drop")
        result, busy = timed_ctl(bench, table, "warm")
        if result["filled"] != table.rows:
            raise BenchError(f"warm filled {result['filled']} of {table.rows} rows.")
        limit, busier = redis_benchmark(bench, table, payload)
        yield Round(result["filled"] / result["elapsed_s"], limit, max(busy, busier))


def run(bench, wanted):
    measured = zip(SPECS, (lambda: verify(bench), lambda: verify(bench, "--quick"), lambda: warm(bench)))
    return [judge(spec, list(rounds()), bench.plan.needed) for spec, rounds in measured if wanted(spec.name)]
