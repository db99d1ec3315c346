# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU of process trees from /proc, and how much of the machine somebody else takes."""

import ctypes
import os
import time
from dataclasses import dataclass, replace

TICK = 1 / os.sysconf("SC_CLK_TCK")
KTHREADD = 2
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Process:
    parent: int
    ticks: int  # its own and those of the children it has waited for


def parse_process(stat):
    """A line of /proc/PID/stat. The name in parentheses may hold anything, so fields are counted from its end."""
    words = stat[stat.rindex(")") + 2 :].split()
    return Process(int(words[1]), sum(int(word) for word in words[11:15]))


def parse_busy(stat):
    """Ticks that all cores gave to processes, from /proc/stat, and that the host took away. Not those of interrupts:
    they are nobody's process, and mostly the disk's answers to our own fsync."""
    words = stat.split("\n", 1)[0].split()
    return sum(int(words[i]) for i in (1, 2, 3, 8))


def tree_ticks(processes, root):
    """Ticks of a process and everything below it. What has ended is in the ticks of whoever waited for it."""
    children = {}
    for pid, process in processes.items():
        children.setdefault(process.parent, []).append(pid)
    total, todo = 0, [root]
    while todo:
        pid = todo.pop()
        if pid in processes:
            total += processes[pid].ticks
            todo += children.get(pid, [])
    return total


def read_processes():
    processes = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                processes[int(name)] = parse_process(file.read())
        except OSError:  # has ended meanwhile
            pass
    return processes


@dataclass(frozen=True)
class Snapshot:
    """CPU used so far, in seconds."""

    time: float
    trees: dict
    ours: float
    busy: float


@dataclass(frozen=True)
class Usage:
    """Between two snapshots."""

    seconds: float
    trees: dict  # CPU in seconds
    foreign: float  # cores

    @property
    def cpu(self):
        return sum(self.trees.values())

    def without(self, name):
        return replace(self, trees={each: used for each, used in self.trees.items() if each != name})


def snapshot(roots):
    """`roots`: name -> process id. All of them are below this process, as is whatever they start."""
    now = time.monotonic()
    with open("/proc/stat", encoding="utf-8") as file:
        busy = parse_busy(file.read())
    processes = read_processes()
    # The kernel's threads write what fsync asks for; they are nobody's competing work.
    ours = tree_ticks(processes, os.getpid()) + tree_ticks(processes, KTHREADD)
    trees = {name: tree_ticks(processes, pid) * TICK for name, pid in roots.items()}
    return Snapshot(now, trees, ours * TICK, busy * TICK)


def usage(before, after):
    seconds = max(after.time - before.time, 1e-9)
    foreign = (after.busy - before.busy) - (after.ours - before.ours)
    trees = {name: after.trees[name] - before.trees[name] for name in after.trees}
    return Usage(seconds, trees, max(foreign / seconds, 0.0))


def adopt_orphans():
    """What detaches itself from us stays below us, and so counts as ours."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
