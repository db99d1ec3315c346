# SPDX-License-Identifier: GPL-3.0-or-later
"""Load programs that print a line a second, and what happened between two of their lines: without their start, when
they connect and plan, and without their end, when they verify."""

import json
import re
import subprocess
import time
from dataclasses import dataclass

from . import cpu
from .errors import BenchError

BEFORE = 1  # s that a load runs before it is measured
SLACK = 0.2  # s by which a line may come before its second
AFTER = 0.4  # s that it runs on, so that the last line is written under load


@dataclass(frozen=True)
class Load:
    """What a load did within its window."""

    operations: float
    seconds: float
    usage: cpu.Usage
    total: int  # operations of the whole run
    result: dict = None  # what the program said at its end

    @property
    def rate(self):
        return self.operations / self.seconds

    @property
    def cpu_us(self):
        return self.usage.cpu * 1e6 / self.operations


@dataclass(frozen=True)
class Mark:
    seconds: float
    operations: float
    snapshot: cpu.Snapshot


def watch(bench, process, stream, parse, seconds):
    """The window's first and last mark, and the other lines. `parse`: line -> (elapsed, operations) or None."""
    first = last = None
    others = []
    for line in stream:
        seen = parse(line)
        if seen is None:
            others.append(line)
            continue
        begins = seen[0] >= BEFORE - SLACK and not first
        ends = first and not last and seen[0] >= first.seconds + seconds - SLACK
        if not (begins or ends):
            continue
        mark = Mark(*seen, bench.snapshot(client=process.pid))
        first, last = (first, mark) if first else (mark, None)
    return first, last, others


def measure(bench, command, parse, seconds, environment=None):
    """The window's first and last mark, and the other lines of both streams."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        first, last, others = watch(bench, process, process.stdout, parse, seconds)
    if process.returncode != 0 or not last:
        raise BenchError(f"{command[0].rsplit('/')[-1]} ended with {process.returncode}: {''.join(others[-3:]).strip()}")
    return first, last, others


def load_between(first, last, total, result=None):
    return Load(
        last.operations - first.operations, last.seconds - first.seconds,
        cpu.usage(first.snapshot, last.snapshot), total, result,
    )


# --- the generator ---------------------------------------------------------------------------------------------------

FAILURES = ("cache_pending", "conflicts", "unknown", "unavailable", "failed")


def parse_generate(line):
    said = json.loads(line) if line.startswith("{") else {"result": True}
    return None if said.get("result") else (said["elapsed_s"], said["committed"])


def generate(bench, table, seconds, *options):
    """A run of the generator whose claims are held against PostgreSQL's own count."""
    before = table.counts()
    command = [bench.program("bin/throughlinectl"), "generate", "--json", "--duration", str(BEFORE + seconds + AFTER), *options]
    first, last, others = measure(bench, command, parse_generate, seconds, environment=table.environment())
    result = next(json.loads(line) for line in reversed(others) if line.startswith("{"))
    check_generated(table, before, result)
    return load_between(first, last, result["committed"], result)


def wait_for_counts(table, complete):
    """A connection adds its counts when it ends, which may be a moment after its program."""
    deadline = time.monotonic() + 2
    while not complete(now := table.counts()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return now


def check_generated(table, before, result):
    """Committed is what PostgreSQL has counted, each with a version of its own, and every hash has followed."""
    failures = {kind: result[kind] for kind in FAILURES if result.get(kind)}
    if failures or not result["committed"]:
        raise BenchError(f"The generator committed {result['committed']} of {result['sent']} updates: {failures}.")
    if result["keys_differing"] or result["keys_not_cached"]:
        raise BenchError(f"{result['keys_differing']} hashes differ after a run, {result['keys_not_cached']} are missing.")
    after = wait_for_counts(table, lambda now: now.updates - before.updates >= result["committed"])
    updates, notes = after.updates - before.updates, after.outbox - before.outbox
    if updates != result["committed"] or after.versions - before.versions != updates + notes:
        raise BenchError(
            f"The generator says {result['committed']} updates, PostgreSQL {updates}, "
            f"with {after.versions - before.versions} versions and {notes} notes in the outbox."
        )


# --- pgbench ---------------------------------------------------------------------------------------------------------

PROGRESS = re.compile(r"progress: ([0-9.]+) s, ([0-9.]+) tps")
TOTAL = re.compile(r"transactions actually processed: (\d+)")


class PgbenchProgress:
    """pgbench prints the rate of each interval; what is needed is the sum of what was done."""

    def __init__(self):
        self.seconds = 0.0
        self.transactions = 0.0

    def parse(self, line):
        found = PROGRESS.match(line)
        if not found:
            return None
        seconds, rate = float(found[1]), float(found[2])
        self.transactions += rate * (seconds - self.seconds)
        self.seconds = seconds
        return self.seconds, self.transactions


def pgbench(bench, table, script, seconds, clients=64, rows_each=1):
    """One of the scripts of tests/benches/sql, as prepared statements."""
    before = table.counts().updates
    command = [
        bench.tool("pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)), "-P", "1",
        "-T", str(round(BEFORE + seconds + 1)), "-D", "is_node=false", "-D", f"rows={table.rows}",
        "-f", bench.path("sql", script), table.conninfo,
    ]
    first, last, others = measure(bench, command, PgbenchProgress().parse, seconds)
    done = next(int(found[1]) for line in others if (found := TOTAL.search(line)))
    check_counted(table, before, done * rows_each)
    load = load_between(first, last, done)
    return Load(load.operations * rows_each, load.seconds, load.usage.without("redis"), done * rows_each)


def check_counted(table, before, said):
    updates = wait_for_counts(table, lambda now: now.updates - before >= said).updates - before
    if updates != said:
        raise BenchError(f"pgbench says {said} updates, PostgreSQL {updates}.")


# --- everything else ---------------------------------------------------------------------------------------------------


def figures(bench, table, program, *arguments):
    """The line of one of our measuring programs, and how much others used the machine meanwhile."""
    before = bench.snapshot()
    done = subprocess.run(
        [bench.program(f"tests/{program}"), *(str(each) for each in arguments)],
        capture_output=True, text=True, env=table.environment(), check=False,
    )
    foreign = cpu.usage(before, bench.snapshot()).foreign
    if done.returncode != 0:
        raise BenchError(f"{program} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    found = json.loads(done.stdout)
    if found.get("failures") or found.get("differing"):
        raise BenchError(f"{program} says {found.get('failures')} failures and {found.get('differing')} different hashes.")
    return found, foreign


def timed_ctl(bench, table, *arguments):
    """The result line of a throughlinectl command, and how much others used the machine meanwhile."""
    before = bench.snapshot()
    output = table.ctl(*arguments, "--json")
    foreign = cpu.usage(before, bench.snapshot()).foreign
    return json.loads(output.splitlines()[-1]), foreign
