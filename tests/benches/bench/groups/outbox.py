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
    return pgbench(bench, table, script, bench.plan.seconds, clients, rows_each)


def writers(bench, bare_script, script):
    """All CPU of an update: what writers keep of their rate when the cores are the limit."""
    for _ in bench.rounds():
        bare = load(bench, bench.table("bare"), bare_script)
        own = load(bench, bench.table("price"), script)
        yield Round(bare.cpu_us, own.cpu_us)


def batches(bench):
    for _ in bench.rounds():
        bare = load(bench, bench.table("bare"), "batch.bare.sql", 1, BATCH)
        own = load(bench, bench.table("price"), "batch.prepared.sql", 1, BATCH)
        yield Round(*(side.usage.trees["postgres"] * 1e6 / side.operations for side in (own, bare)))


def run(bench, wanted):
    measured = (
        (SPECS[0], lambda: writers(bench, "single.sql", "single.sql")),
        (SPECS[1], lambda: writers(bench, "own.bare.sql", "own.prepared.sql")),
        (SPECS[2], lambda: batches(bench)),
    )
    return [judge(spec, list(rounds()), 1) for spec, rounds in measured if wanted(spec.name)]
