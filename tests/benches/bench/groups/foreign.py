# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon a change by other SQL is in the cache while a gateway runs."""

import random
import subprocess
import time

from ..catalog import FOREIGN
from ..clients import RedisSocket
from ..errors import BenchError
from ..judging import shown

SPECS = FOREIGN
PATIENCE = 10  # s
PAUSE = 0.03  # s between two changes, so that they meet the gateway at any point of its poll


class Gateway:
    def __init__(self, bench, table):
        self.process = subprocess.Popen(
            [bench.program("bin/throughlinectl"), "gateway"], env=table.environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def delay(table, cache, key, score):
    """ms from the commit until the hash shows it."""
    table.psql.run(f"UPDATE users SET score = {score} WHERE id = {key}")
    start = time.monotonic()
    while cache.field(f"users:{key}", "score") != str(score):
        if time.monotonic() > start + PATIENCE:
            raise BenchError("A change by other SQL did not reach the cache.")
        time.sleep(0.001)
    return (time.monotonic() - start) * 1000


def run(bench, _):
    table = bench.table("main")
    table.settle()
    drawn = random.Random(5)
    delays = []
    end = time.monotonic() + bench.plan.shown * bench.plan.seconds
    cache = RedisSocket(bench.servers.redis_socket)
    with Gateway(bench, table):
        delay(table, cache, 1, 1)
        while time.monotonic() < end:
            delays.append(delay(table, cache, drawn.randint(1, table.rows), drawn.randint(1000, 999_999)))
            time.sleep(PAUSE * drawn.random())
    cache.close()
    delays.sort()
    p99 = delays[int(len(delays) * 0.99)]
    return [shown(SPECS[0], p99, note=f"p50 {delays[len(delays) // 2]:.0f} ms, {len(delays)} changes")]
