# SPDX-License-Identifier: GPL-3.0-or-later
"""A backlog of messages against the same number of direct updates."""

from ..catalog import MESSAGES
from ..commands import timed_ctl
from ..errors import BenchError
from ..judging import Round, judge

SPECS = MESSAGES


def round_of(bench):
    main, count = bench.table("main"), bench.plan.messages
    main.settle()
    timed_ctl(bench, main, "produce", "--rate", "0", "--count", str(count))
    drained, busy = timed_ctl(bench, main, "consume", "--once")
    if drained["applied"] + drained["superseded"] != count or drained["dead_lettered"]:
        raise BenchError(f"Of {count} messages {drained['applied']} were applied.")
    main.redis.run("DEL", "score-changes")
    main.settle()
    direct, busier = timed_ctl(bench, main, "generate", "--rate", "0", "--batch", "500", "--count", str(count))
    return Round(count / drained["elapsed_s"], direct["committed"] / direct["elapsed_s"], max(busy, busier))


def run(bench, _):
    round_of(bench)
    return [judge(SPECS[0], [round_of(bench) for _ in bench.rounds()], bench.plan.needed)]
