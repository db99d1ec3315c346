# SPDX-License-Identifier: GPL-3.0-or-later
"""The window: its start, its memory, and a frame while the grid is scrolled. On the offscreen platform."""

import json
import subprocess
import time
from statistics import median

from ..catalog import WINDOW
from ..commands import figures
from ..errors import BenchError
from ..judging import Round, judge, shown

SPECS = WINDOW
SCROLL, START_WARM, START_COLD, MEMORY = WINDOW


def scroll(bench):
    table = bench.largest()
    rounds, blank, frames = [], 0, 0
    for _ in bench.rounds():
        found, foreign = figures(bench, table, "scrollbench", bench.plan.seconds)
        rounds.append(Round(found["ours_us"] / 1000, found["limit_us"] / 1000, foreign))
        blank, frames = blank + found["blank"], frames + found["frames"]
    return judge(SCROLL, rounds, bench.plan.needed, f"{table.rows:,} rows, {blank} of {frames} frames had rows still to come")


def open_window(bench, environment):
    """What windowbench says of one window."""
    done = subprocess.run(
        [bench.program("tests/windowbench"), str(time.monotonic_ns())],
        capture_output=True, text=True, env=environment, check=False,
    )
    if done.returncode != 0:
        raise BenchError(f"The window ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return json.loads(done.stdout)


def starts(bench, table):
    return [open_window(bench, table.environment()) for _ in range(bench.plan.shown)]


def cold(bench):
    """Each time with servers that have never run before."""
    times = []
    for number in range(bench.plan.shown):
        data = bench.servers.work + f"/private{number}"
        times.append(open_window(bench, bench.environment(THROUGHLINE_DATA=data))["first_rows_ms"])
    return times


def spread(values):
    return f"{min(values):.3g} to {max(values):.3g}, {len(values)} starts"


def run(bench, wanted):
    rows = [scroll(bench)] if wanted(SCROLL.name) else []
    if not any(wanted(spec.name) for spec in (START_WARM, START_COLD, MEMORY)):
        return rows
    large = starts(bench, bench.largest())
    warm = [each["first_rows_ms"] for each in large]
    rows.append(shown(START_WARM, median(warm), note=f"{spread(warm)}, {bench.largest().rows:,} rows"))
    if wanted(START_COLD.name):
        times = cold(bench)
        rows.append(shown(START_COLD, median(times), median(warm), spread(times)))
    if wanted(MEMORY.name):
        small = starts(bench, bench.table(f"growth{bench.plan.growth[0]}"))
        memory = [[each["resident_kb"] / 1024 for each in side] for side in (large, small)]
        rows.append(shown(MEMORY, *map(median, memory), f"{bench.largest().rows:,} rows"))
    return rows
