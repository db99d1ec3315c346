# SPDX-License-Identifier: GPL-3.0-or-later
"""The table for people and the JSON for programs."""

import json
from dataclasses import asdict

from .judging import MISSED, SHOWN

HEADINGS = ("name", "ours", "limit", "unit", "ratio", "target", "verdict", "spread")


def number(value):
    if value is None:
        return "-"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def cells(row, unit):
    return (row.name, number(row.ours), number(row.limit), unit, number(row.ratio), row.target or "-", row.verdict, row.spread)


def table(rows, units):
    lines = [HEADINGS] + [cells(row, units[row.name]) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    right = {1, 2, 4}
    return "\n".join(
        "  ".join(cell.rjust(width) if i in right else cell.ljust(width) for i, (cell, width) in enumerate(zip(line, widths))).rstrip()
        for line in lines
    )


def document(rows):
    """INTERFACE: `rows` are judged. What is only shown stands beside them."""
    judged = [asdict(row) for row in rows if row.verdict != SHOWN]
    return {"rows": judged, "shown": [asdict(row) for row in rows if row.verdict == SHOWN]}


def write(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document(rows), file, indent=1)
        file.write("\n")


def exit_code(rows):
    return 1 if any(row.verdict == MISSED for row in rows) else 0
