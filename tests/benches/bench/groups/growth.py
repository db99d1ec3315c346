# SPDX-License-Identifier: GPL-3.0-or-later
"""What an edit, a page and a batch cost when the table grows; and a page far down in it."""

from statistics import median

from ..catalog import GROWTH, PAGES
from ..commands import figures, generate
from ..judging import Round, judge

SPECS = PAGES + GROWTH


def sides(bench):
    return [bench.table(f"growth{rows}") for rows in bench.plan.growth]


def edit(bench, table):
    found, foreign = figures(bench, table, "editbench", bench.plan.short, table.rows)
    return found["ours_us"], foreign


def page(bench, table):
    found, foreign = figures(bench, table, "pagebench", bench.plan.short, table.rows)
    return found["anywhere_us"], foreign


def batch(bench, table):
    load = generate(bench, table, bench.plan.short, "--rate", "0", "--batch", "500", "--connections", "1")
    return load.cpu_us, load.usage.foreign


def growth(bench, spec, measure):
    """A round measures every size; what lies between the smallest and the largest is told beside."""
    rounds, between = [], []
    for _ in bench.rounds():
        found = []
        for table in sides(bench):
            table.settle()
            found.append(measure(bench, table))
        rounds.append(Round(found[-1][0], found[0][0], max(foreign for _, foreign in found)))
        between.append([cost for cost, _ in found[1:-1]])
    note = "".join(f"{rows:,} rows: {median(costs):.3g} us; " for rows, costs in zip(bench.plan.growth[1:-1], zip(*between)))
    return judge(spec, rounds, bench.plan.needed, f"{note}largest: {bench.plan.growth[-1]:,} rows")


def depth(bench):
    table = bench.largest()
    for _ in bench.rounds():
        found, foreign = figures(bench, table, "pagebench", bench.plan.short, table.rows)
        yield Round(found["anywhere_us"], found["first_us"], foreign)


def run(bench, wanted):
    rows = [judge(PAGES[0], list(depth(bench)), bench.plan.needed)] if wanted(PAGES[0].name) else []
    measured = zip(GROWTH, (edit, page, batch))
    return rows + [growth(bench, spec, measure) for spec, measure in measured if wanted(spec.name)]
