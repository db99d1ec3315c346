# SPDX-License-Identifier: GPL-3.0-or-later
"""Staged writes: from a client's HSET to its answer."""

from ..catalog import STAGED
from ..commands import figures
from ..judging import Round, judge

SPECS = STAGED


def one(bench):
    main = bench.table("main")
    for _ in bench.rounds():
        main.settle()
        found, foreign = figures(bench, main, "stagedbench", "one", bench.plan.seconds, main.rows)
        yield Round(found["staged_us"], found["direct_us"], foreign)


def many(bench):
    main = bench.table("main")
    for number in bench.rounds():
        main.settle()
        found, foreign = figures(bench, main, "stagedbench", "many", bench.plan.seconds, main.rows)
        limit = bench.single_updates(number)
        yield Round(found["per_second"], limit.rate, max(foreign, limit.usage.foreign))


def run(bench, wanted):
    rows = []
    for spec, measure, note in zip(SPECS, (one, many), ("", "asked for on two quiet cores: 5,000/s")):
        if wanted(spec.name):
            rows.append(judge(spec, list(measure(bench)), bench.plan.needed, note))
    return rows
