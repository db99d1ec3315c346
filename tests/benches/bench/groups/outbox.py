# SPDX-License-Identifier: GPL-3.0-or-later
"""What version, triggers and outbox cost PostgreSQL; outbox_price.sh beside this looks deeper into the same."""

from ..catalog import OUTBOX
from ..commands import pgbench
from ..judging import Round, judge

SPECS = OUTBOX
BATCH = 500


def load(bench, table, script, clients=64, rows_each=1):
    if table.name != "bare":
        table.settle()
    return pgbench(bench, table, script, bench.plan.short, clients, rows_each)


# All CPU of an update: what writers keep of their rate when the cores are the limit.


def foreign(bench):
    for _ in bench.rounds():
        bare = load(bench, bench.table("bare"), "single.sql")
        yield Round(bare.cpu_us, load(bench, bench.table("price"), "single.sql").cpu_us)


def own(bench):
    for _ in range(bench.plan.shown):
        bare = load(bench, bench.table("bare"), "own.bare.sql")
        yield Round(bare.cpu_us, load(bench, bench.table("price"), "own.prepared.sql").cpu_us)


def batches(bench):
    for _ in bench.rounds():
        bare = load(bench, bench.table("bare"), "batch.bare.sql", 1, BATCH)
        ours = load(bench, bench.table("price"), "batch.prepared.sql", 1, BATCH)
        yield Round(*(side.usage.trees["postgres"] * 1e6 / side.operations for side in (ours, bare)))


def run(bench, wanted):
    measured = zip(SPECS, (foreign, own, batches))
    return [judge(spec, list(rounds(bench)), 1) for spec, rounds in measured if wanted(spec.name)]
