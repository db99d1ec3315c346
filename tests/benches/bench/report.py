# SPDX-License-Identifier: GPL-3.0-or-later
"""The table for people and the JSON for programs."""

import json
from dataclasses import asdict

from .judging import MISSED, SHOWN

HEADINGS = ("name", "ours", "limit", "unit", "ratio", "target", "verdict", "spread")
RIGHT = {1, 2, 4}  # numbers


def number(value):
    if value is None:
        return "-"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def cells(row, unit):
    numbers = number(row.ours), number(row.limit), unit, number(row.ratio)
    return (row.name, *numbers, row.target or "-", row.verdict, row.spread)


def table(rows, units):
    lines = [HEADINGS] + [cells(row, units[row.name]) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]

    def padded(line):
        return (cell.rjust(widths[i]) if i in RIGHT else cell.ljust(widths[i]) for i, cell in enumerate(line))

    return "\n".join("  ".join(padded(line)).rstrip() for line in lines)


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
