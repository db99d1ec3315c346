# SPDX-License-Identifier: GPL-3.0-or-later
"""The unlimited generator against pgbench."""

from statistics import median

from ..catalog import GENERATOR, grid_name
from ..commands import generate
from ..judging import Round, judge, shown

SPECS = GENERATOR
SIDES = ("postgres", "redis", "client")


def round_of(bench, number):
    main = bench.table("main")
    main.settle()
    ours = generate(bench, main, bench.plan.seconds, "--rate", "0", "--batch", "500", "--connections", "4")
    return ours, bench.single_updates(number)


def shares(loads):
    """Where the CPU of one update goes."""
    each = (median(load.usage.trees[side] * 1e6 / load.operations for load in loads) for side in SIDES)
    return ", ".join(f"{side} {value:.1f}" for side, value in zip(("PostgreSQL", "Redis", "generator"), each)) + " us"


def compare(bench):
    pairs = [round_of(bench, number) for number in bench.rounds()]
    rate, cpu = SPECS[:2]
    rates = [Round(a.rate, b.rate, max(a.usage.foreign, b.usage.foreign)) for a, b in pairs]
    cpus = [Round(a.cpu_us, b.cpu_us) for a, b in pairs]
    verified = sum(a.result["keys_verified"] for a, _ in pairs)
    return pairs, [
        judge(rate, rates, bench.plan.needed, f"{verified:,} rows verified in both stores"),
        judge(cpu, cpus, 1, shares([a for a, _ in pairs])),
    ]


def grid_row(bench, each, limit):
    spec = next(spec for spec in SPECS if spec.name == grid_name(*each))
    connections, batch = map(str, each)
    main = bench.table("main")
    main.settle()
    load = generate(bench, main, 1, "--rate", "0", "--batch", batch, "--connections", connections)
    p50 = load.result["service"]["p50_ms"]
    note = f"CPU {load.cpu_us:.1f} us, p50 {p50:.1f} ms, others took {load.usage.foreign:.2f} cores"
    return shown(spec, load.rate, limit, note)


def run(bench, wanted):
    pairs, rows = compare(bench) if wanted(SPECS[0].name) or wanted(SPECS[1].name) else ([], [])
    grid = [each for each in bench.plan.grid if wanted(grid_name(*each))]
    if not grid:
        return rows
    if not pairs:
        pairs = [round_of(bench, 0)]
    limit = median(b.rate for _, b in pairs)
    return rows + [grid_row(bench, each, limit) for each in grid]
