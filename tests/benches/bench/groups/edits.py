# SPDX-License-Identifier: GPL-3.0-or-later
"""One edit against libpq and hiredis, in turns within one program; and edits at a given rate."""

from ..catalog import EDIT, PACED
from ..commands import figures, timed_ctl
from ..judging import INCONCLUSIVE, MET, MISSED, Round, doubted, judge

SPECS = EDIT + PACED
RATE = 1000


def in_turns(bench, wanted, spec, control, *options):
    if not (wanted(spec.name) or wanted(control.name)):
        return []
    main = bench.table("main")
    ours, controls = [], []
    for _ in bench.rounds():
        main.settle()
        found, foreign = figures(bench, main, "editbench", *options, bench.plan.seconds, main.rows)
        ours.append(Round(found["ours_us"], found["raw_us"], foreign))
        controls.append(Round(found["control_us"], found["raw_us"], foreign))
    return believed(judge(spec, ours, bench.plan.needed), judge(control, controls, bench.plan.needed))


def believed(row, control):
    """Where two equal things differ, nothing is known of unequal ones; a control itself is never missed."""
    if control.verdict == MISSED:
        control = doubted(control, "equal things were measured differently")
    if control.verdict != MET and row.verdict != INCONCLUSIVE:
        row = doubted(row, "the control is not equal")
    return [row, control]


def paced(bench, wanted):
    latency, rate = PACED
    if not (wanted(latency.name) or wanted(rate.name)):
        return []
    main = bench.table("main")
    latencies, rates = [], []
    for _ in bench.rounds():
        main.settle()
        result, foreign = timed_ctl(
            bench, main, "generate", "--rate", str(RATE), "--duration", str(bench.plan.seconds), "--connections", "16"
        )
        latencies.append(Round(result["from_intended_start"]["p99_ms"], result["service"]["p99_ms"], foreign))
        rates.append(Round(result["committed"] / result["elapsed_s"], RATE, foreign))
    return [judge(latency, latencies, bench.plan.needed), judge(rate, rates, bench.plan.needed)]


def run(bench, wanted):
    edit, control, grid, grid_control = EDIT
    return in_turns(bench, wanted, edit, control) + in_turns(bench, wanted, grid, grid_control, "--grid") + paced(bench, wanted)
