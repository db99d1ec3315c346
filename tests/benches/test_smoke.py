# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev bench really measures something, in tiny rounds: what comes out is looked at, not what it says.

Usage: test_smoke.py BUILD_DIRECTORY"""

import json
import os
import subprocess
import sys
import tempfile

KEYS = {"name", "ours", "limit", "ratio", "target", "verdict", "spread"}
NAMES = ["edit", "edit-control", "edit-grid", "edit-grid-control"]

here = os.path.dirname(os.path.abspath(__file__))
environment = dict(os.environ, PYTHONPATH=here, THROUGHLINE_BENCH_BUILD=sys.argv[1], THROUGHLINE_BENCH_SMOKE="1")
with tempfile.NamedTemporaryFile("r", suffix=".json") as file:
    command = [sys.executable, "-m", "bench", "--only", "edit", "--quick", "--json", file.name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    assert done.returncode in (0, 1), f"exit code {done.returncode}"
    rows = json.load(file)["rows"]
assert [row["name"] for row in rows] == NAMES, rows
for row in rows:
    assert set(row) == KEYS, row
    assert row["verdict"] in ("met", "missed", "inconclusive"), row
    assert row["ours"] > 0 and row["limit"] > 0 and row["ratio"] > 0, row
assert (done.returncode == 1) == any(row["verdict"] == "missed" for row in rows)
assert all(row["name"] in done.stdout for row in rows)
