# SPDX-License-Identifier: GPL-3.0-or-later
"""Every row: what it is held against, and how far from it is too far. README.md beside this says why."""

from dataclasses import dataclass

from .judging import Target, at_least, at_most


@dataclass(frozen=True)
class Spec:
    name: str
    unit: str
    what: str
    target: Target = None  # none: shown, not judged
    counts_cpu: bool = False  # holds on a busy machine
    stretch: str = ""

    @property
    def target_text(self):
        text = str(self.target) if self.target else ""
        return f"{text} (stretch {self.stretch})" if self.stretch else text


GRID = [(connections, batch) for connections in (1, 2, 4, 8) for batch in (1, 16, 128, 500)]


def grid_name(connections, batch):
    return f"generator-c{connections}-b{batch}"


GENERATOR = [
    Spec("generator-rate", "/s", "generate --rate 0 --batch 500 --connections 4 : pgbench -c 64, one row each, bare table",
         at_least(6), stretch="10"),
    Spec("generator-cpu", "us", "CPU of servers and program per update : the same of pgbench per transaction",
         at_most(1 / 6), counts_cpu=True),
] + [
    Spec(grid_name(*each), "/s", f"generate, {each[0]} connections, batches of {each[1]} : pgbench -c 64") for each in GRID
]
EDIT = [
    Spec("edit", "us", "p50 of one edit of the engine : libpq + hiredis, same statement and script", at_most(1.10)),
    Spec("edit-control", "us", "libpq + hiredis : the same once more", Target(0.95, 1.05)),
    Spec("edit-grid", "us", "p50 of one edit from the UI thread and back : libpq + hiredis", at_most(1.20)),
    Spec("edit-grid-control", "us", "libpq + hiredis beside the window's service : the same once more", Target(0.95, 1.05)),
]
PACED = [
    Spec("paced-p99", "ms", "at 1,000/s, p99 from the intended start : p99 of the service time", at_most(1.5)),
    Spec("paced-rate", "/s", "committed per second : 1,000", Target(0.995, 1.005)),
]
STAGED = [
    Spec("staged-one", "us", "p50 from HSET to answer, one client : direct edit", at_most(4)),
    Spec("staged-many", "/s", "acknowledged per second, 64 clients : pgbench -c 64, bare table; asked for: 5,000/s"),
]
MESSAGES = [
    Spec("messages-drain", "/s", "backlog consumed : generate --batch 500 over one connection", at_least(0.5)),
]
OUTBOX = [
    Spec("outbox-foreign", "us", "CPU of a plain update, bare table : prepared table",
         at_least(0.42), counts_cpu=True, stretch="0.60"),
    Spec("outbox-own", "us", "CPU of an own update, bare table : prepared table", counts_cpu=True),
    Spec("outbox-batch", "us", "CPU of PostgreSQL per row of a batch of 500, prepared table : bare table",
         at_most(1.40), counts_cpu=True, stretch="1.20"),
]
BULK = [
    Spec("verify-full", "rows/s", "verify : COPY of the table to a client", at_least(0.40)),
    Spec("verify-quick", "rows/s", "verify --quick : COPY of the table to a client", at_least(0.90)),
    Spec("warm", "rows/s", "warm, under leases, into an empty cache : redis-benchmark -P 500, the same hash", at_least(0.65)),
]
PAGES = [
    Spec("page-depth", "us", "200 rows at a random depth : the first 200", at_most(3)),
]
GROWTH = [
    Spec("growth-edit", "us", "p50 of one edit, largest table : 10,000 rows", at_most(1.5)),
    Spec("growth-page", "us", "200 rows at a random depth, largest table : 10,000 rows", at_most(1.5)),
    Spec("growth-batch", "us", "CPU per row of a batch of 500, largest table : 10,000 rows", at_most(1.5), counts_cpu=True),
]
WINDOW = [
    Spec("scroll", "ms", "p50 of a frame scrolling the table : rows that are in memory already", at_most(1.15)),
    Spec("start-warm", "ms", "window start to first rows, servers running"),
    Spec("start-cold", "ms", "window start to first rows, private servers made and started first : start-warm"),
    Spec("window-memory", "MB", "resident memory of the window, largest table : 10,000 rows"),
]
FOREIGN = [
    Spec("foreign-sql", "ms", "p99 from the commit of other SQL to the hash, gateway running; asked for: 250 ms"),
]

# Named by the design, and not in the product: nothing to measure yet.
ABSENT = {
    "import": "import against server-side COPY: the product has no import",
    "export": "export against COPY: the product has no export",
    "search": "search with a trigram index against without: the product makes no such index",
}
