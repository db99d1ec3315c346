# SPDX-License-Identifier: GPL-3.0-or-later
"""From rounds to a verdict: pure, so that it is tested without measuring."""

from dataclasses import dataclass, replace
from statistics import median

QUIET = 0.15  # cores that others may take during a round of latency or rate
MET, MISSED, INCONCLUSIVE, SHOWN = "met", "missed", "inconclusive", "shown"


@dataclass(frozen=True)
class Target:
    """A ratio from `low` to `high`."""

    low: float = 0.0
    high: float = float("inf")

    def holds(self, ratio):
        return self.low <= ratio <= self.high

    def __str__(self):
        if self.low == 0.0:
            return f"<= {self.high:.3g}"
        if self.high == float("inf"):
            return f">= {self.low:.3g}"
        return f"{self.low:.4g} to {self.high:.4g}"


def at_least(ratio):
    return Target(low=ratio)


def at_most(ratio):
    return Target(high=ratio)


@dataclass(frozen=True)
class Round:
    """Both sides of a comparison, measured one after the other or in turns."""

    ours: float
    limit: float
    foreign: float = 0.0  # cores that others took meanwhile

    @property
    def ratio(self):
        return self.ours / self.limit if self.limit else float("nan")


@dataclass(frozen=True)
class Row:
    """What is printed and written for one measurement."""

    name: str
    ours: float = None
    limit: float = None
    ratio: float = None
    target: str = ""
    verdict: str = INCONCLUSIVE
    spread: str = ""


def describe(rounds, good):
    ratios = [each.ratio for each in good or rounds]
    text = f"{min(ratios):.3g} to {max(ratios):.3g}"
    text += f", {len(good)} of {len(rounds)} rounds"
    if len(good) < len(rounds):
        text += f", others took {median(each.foreign for each in rounds):.2f} cores"
    return text


def judge(spec, rounds, needed, note=""):
    """One row of all rounds. CPU holds on a busy machine; latency and rate do not, so their busy rounds are dropped."""
    if not rounds:
        return unmeasured(spec, "no round")
    good = [each for each in rounds if spec.counts_cpu or each.foreign <= QUIET]
    enough = len(good) >= needed
    taken = good if enough else rounds
    ratio = median(each.ratio for each in taken)
    if spec.target is None:
        verdict = SHOWN
    elif not enough:
        verdict = INCONCLUSIVE
    else:
        verdict = MET if spec.target.holds(ratio) else MISSED
    spread = describe(rounds, good) + (f"; {note}" if note else "")
    ours, limit = (median(getattr(each, side) for each in taken) for side in ("ours", "limit"))
    return Row(spec.name, ours, limit, ratio, spec.target_text, verdict, spread)


def unmeasured(spec, reason):
    return Row(spec.name, target=spec.target_text, spread=reason)


def doubted(row, reason):
    """The same row when something else shows that it says nothing."""
    return replace(row, verdict=INCONCLUSIVE, spread=f"{row.spread}; {reason}")


def shown(spec, ours, limit=None, note=""):
    """A row without a verdict."""
    ratio = ours / limit if limit else None
    return Row(spec.name, ours, limit, ratio, spec.target_text, SHOWN, note)
