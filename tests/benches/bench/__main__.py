# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m bench, as ./dev bench starts it."""

import argparse
import os
import signal
import sys
import time
import traceback

from . import catalog, cpu, report
from .context import Bench, Plan, say
from .errors import BenchError
from .judging import unmeasured
from .groups import bulk, edits, foreign, generator, growth, messages, outbox, staged, window
from .servers import Servers
from .stores import check_durability

GROUPS = (generator, edits, staged, messages, foreign, outbox, bulk, growth, window)
SPECS = [spec for group in GROUPS for spec in group.SPECS]
SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
BUILD = os.environ.get("THROUGHLINE_BENCH_BUILD") or os.path.join(SOURCE, "build/release")
CANNOT_MEASURE = 2
QUICK_GRID = ((2, 128), (8, 500))


def options():
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures against limits of the same run.")
    parser.add_argument("--quick", action="store_true", help="three rounds of 2 s: under three minutes")
    parser.add_argument("--only", metavar="NAME", action="append", default=[],
                        help="rows whose names begin so; may be repeated")
    parser.add_argument("--json", metavar="FILE", help="write the rows there as well")
    parser.add_argument("--list", action="store_true", help="say what every row is held against, and end")
    return parser.parse_args()


def plan_for(quick):
    if os.environ.get("THROUGHLINE_BENCH_SMOKE"):  # of the test: that it works, not what it says
        return Plan(
            rounds=2, seconds=0.2, short=0.2, shown=1, fresh=False, needed=1, rows=1000, growth=(500, 1000),
            messages=1000, grid=((1, 16),),
        )
    if quick:
        return Plan(
            rounds=3, seconds=2, short=1, shown=1, fresh=False, needed=2, rows=100_000, growth=(10_000, 50_000),
            messages=10_000, grid=QUICK_GRID,
        )
    return Plan(
        rounds=5, seconds=6, short=3, shown=5, fresh=True, needed=5, rows=200_000, growth=(10_000, 100_000, 1_000_000),
        messages=100_000, grid=tuple(catalog.GRID),
    )


def list_rows():
    width = max(len(spec.name) for spec in SPECS)
    for spec in SPECS:
        print(f"{spec.name:<{width}}  {spec.target_text or 'shown':<24}  {spec.what}")
    print("\nNot measured:")
    for name, why in catalog.ABSENT.items():
        print(f"{name:<{width}}  {why}")


def selection(only):
    def wanted(name):
        return not only or any(name.startswith(prefix) for prefix in only)

    return wanted


def measure(bench, wanted):
    """All rows, and whether one of them could not be measured: the others say what they say all the same."""
    rows, broken = [], False
    for group in GROUPS:
        if not any(wanted(spec.name) for spec in group.SPECS):
            continue
        start = time.monotonic()
        say(f"== {group.__name__.rsplit('.', 1)[-1]}")
        try:
            rows += [row for row in group.run(bench, wanted) if wanted(row.name)]
        except Exception as error:  # whatever broke, the other groups say what they say
            say(str(error) if isinstance(error, BenchError) else traceback.format_exc())
            broken = True
            rows += [unmeasured(spec, str(error)) for spec in group.SPECS if wanted(spec.name)]
        say(f"   {time.monotonic() - start:.0f} s")
    return rows, broken


def forget_settings():
    """The caller's own servers and libpq's variables are none of ours."""
    for name in list(os.environ):
        if name.startswith(("PG", "THROUGHLINE_")):
            del os.environ[name]


def interrupted(signum, _):
    sys.exit(128 + signum)  # through every `with`, so that the servers end


def main():
    chosen = options()
    if chosen.list:
        list_rows()
        return 0
    wanted = selection(chosen.only)
    if not any(wanted(spec.name) for spec in SPECS):
        say(f"No row is called {' or '.join(chosen.only)}. ./dev bench --list names them.")
        return CANNOT_MEASURE
    plan = plan_for(chosen.quick)
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, interrupted)
    cpu.adopt_orphans()
    forget_settings()
    if chosen.json:
        chosen.json = os.path.join(os.environ.get("BENCH_CALLER", ""), chosen.json)
        report.write(chosen.json, [])  # not after half an hour: a file that cannot be written
    with Servers() as servers:
        bench = Bench(plan, servers, SOURCE, BUILD)
        check_durability(bench)
        rows, broken = measure(bench, wanted)
    print(report.table(rows, {spec.name: spec.unit for spec in SPECS}))
    if chosen.json:
        report.write(chosen.json, rows)
    return report.exit_code(rows) or (CANNOT_MEASURE if broken else 0)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BenchError, OSError) as error:
        say(str(error))
        sys.exit(CANNOT_MEASURE)
