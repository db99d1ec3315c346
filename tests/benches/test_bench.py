# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure parts of ./dev bench."""

import json
import os
import unittest

from bench import cpu, report
from bench.__main__ import SPECS, plan_for, selection
from bench.catalog import Spec
from bench.commands import PgbenchProgress, load_between, parse_generate, watch
from bench.groups.edits import believed
from bench.judging import Round, Row, Target, at_least, at_most, judge, shown

RATE = Spec("rate", "/s", "", at_least(6))
CPU = Spec("cpu", "us", "", at_most(0.5), counts_cpu=True)


class CpuTest(unittest.TestCase):
    def test_fields_are_counted_behind_the_name(self):
        line = "7 (a) b (c)) S 3 7 7 0 -1 0 0 0 0 0 10 20 30 40 20 0 1 0 5"
        self.assertEqual(cpu.parse_process(line), cpu.Process(3, 100))

    def test_idle_waiting_and_interrupts_are_not_busy(self):
        self.assertEqual(cpu.parse_busy("cpu  1 2 4 800 900 8 16 32 0 0\ncpu0 1 1 1 1"), 39)

    def test_a_tree_is_all_below_its_root(self):
        processes = {1: (0, 1), 2: (1, 10), 3: (2, 100), 4: (1, 1000)}
        processes = {pid: cpu.Process(*fields) for pid, fields in processes.items()}
        self.assertEqual(cpu.tree_ticks(processes, 2), 110)
        self.assertEqual(cpu.tree_ticks(processes, 99), 0)

    def test_what_an_ended_child_used_is_not_lost(self):
        before = {1: cpu.Process(0, 5), 2: cpu.Process(1, 7)}
        after = {1: cpu.Process(0, 5 + 9)}  # has waited for 2, which had used 2 more
        self.assertEqual(cpu.tree_ticks(after, 1) - cpu.tree_ticks(before, 1), 2)

    def test_foreign_is_what_is_neither_ours_nor_idle(self):
        before = cpu.Snapshot(10.0, {"redis": 1.0}, 3.0, 100.0)
        after = cpu.Snapshot(12.0, {"redis": 1.5}, 5.0, 103.0)
        used = cpu.usage(before, after)
        self.assertEqual((used.seconds, used.trees, used.foreign), (2.0, {"redis": 0.5}, 0.5))

    def test_what_does_not_take_part_is_left_out(self):
        used = cpu.Usage(1.0, {"postgres": 2.0, "redis": 0.5}, 0.0)
        self.assertEqual((used.cpu, used.without("redis").cpu), (2.5, 2.0))

    def test_a_coarse_clock_gives_nothing_below_zero(self):
        self.assertEqual(cpu.usage(cpu.Snapshot(0, {}, 0, 0), cpu.Snapshot(1, {}, 1, 0.9)).foreign, 0)

    def test_this_process_is_found(self):
        self.assertGreater(cpu.tree_ticks({**cpu.read_processes(), 0: cpu.Process(0, 0)}, 1), 0)


class JudgingTest(unittest.TestCase):
    def test_medians_are_of_the_ratios(self):
        row = judge(RATE, [Round(60, 10), Round(80, 10), Round(9, 1)], 3)
        self.assertEqual((row.ratio, row.verdict, row.target), (8, "met", ">= 6"))
        self.assertEqual(row.spread, "6 to 9, 3 of 3 rounds")

    def test_busy_rounds_are_dropped(self):
        row = judge(RATE, [Round(50, 10), Round(50, 10), Round(90, 10, 0.2)], 2)
        self.assertEqual((row.ratio, row.verdict), (5, "missed"))
        self.assertIn("2 of 3 rounds, others took", row.spread)

    def test_too_few_good_rounds_say_nothing(self):
        row = judge(RATE, [Round(10, 10), Round(50, 10, 0.2)], 2)
        self.assertEqual((row.ratio, row.verdict), (3, "inconclusive"))

    def test_cpu_holds_on_a_busy_machine(self):
        self.assertEqual(judge(CPU, [Round(6, 10, 1.5)], 1).verdict, "missed")
        self.assertEqual(judge(CPU, [Round(5, 10, 1.5)], 1).verdict, "met")

    def test_without_a_target_it_is_shown(self):
        self.assertEqual(judge(Spec("x", "", ""), [Round(1, 1)], 1).verdict, "shown")

    def test_without_a_round_nothing_is_known(self):
        self.assertEqual(judge(RATE, [], 1).verdict, "inconclusive")

    def test_targets(self):
        self.assertEqual([str(target) for target in (at_least(6), at_most(1 / 6), Target(0.995, 1.005))],
                         [">= 6", "<= 0.167", "0.995 to 1.005"])
        self.assertTrue(at_most(1.1).holds(1.1))
        self.assertFalse(Target(0.95, 1.05).holds(0.949))

    def test_an_unequal_control_takes_the_verdict(self):
        row, control = believed(Row("edit", 1, 1, 1, "", "missed", "s"), Row("c", 1, 1, 1.2, "", "missed", "s"))
        self.assertEqual((row.verdict, control.verdict), ("inconclusive", "inconclusive"))
        row, control = believed(Row("edit", 1, 1, 1, "", "missed", "s"), Row("c", 1, 1, 1, "", "met", "s"))
        self.assertEqual((row.verdict, control.verdict), ("missed", "met"))


class ReportTest(unittest.TestCase):
    ROWS = [Row("a", 2000.0, 1000.0, 2.0, ">= 6", "missed", "s"), shown(Spec("b", "ms", ""), 3.0)]

    def test_the_document_has_the_keys_of_the_interface(self):
        document = json.loads(json.dumps(report.document(self.ROWS), allow_nan=False))
        self.assertEqual([row["name"] for row in document["rows"]], ["a"])
        self.assertEqual(set(document["rows"][0]), {"name", "ours", "limit", "ratio", "target", "verdict", "spread"})
        self.assertEqual([row["name"] for row in document["shown"]], ["b"])

    def test_only_a_missed_row_fails(self):
        self.assertEqual(report.exit_code(self.ROWS), 1)
        self.assertEqual(report.exit_code([Row("a")]), 0)

    def test_the_table_has_a_line_for_each(self):
        lines = report.table(self.ROWS, {"a": "/s", "b": "ms"}).splitlines()
        self.assertEqual(lines[0].split(), list(report.HEADINGS))
        self.assertEqual(lines[1].split(), ["a", "2,000", "1,000", "/s", "2", ">=", "6", "missed", "s"])
        self.assertEqual(len(lines), 3)


class ParsingTest(unittest.TestCase):
    def test_pgbench_rates_are_added_up(self):
        progress = PgbenchProgress()
        self.assertEqual(progress.parse("progress: 1.0 s, 1000.0 tps, lat 6.3 ms stddev 1.0, 0 failed\n"), (1.0, 1000.0))
        self.assertEqual(progress.parse("progress: 3.0 s, 500.0 tps, lat 6.3 ms stddev 1.0, 0 failed\n"), (3.0, 2000.0))
        self.assertIsNone(progress.parse("number of threads: 2\n"))

    def test_the_result_of_generate_is_no_progress(self):
        self.assertEqual(parse_generate('{"elapsed_s":1.01,"committed":42}'), (1.01, 42))
        self.assertIsNone(parse_generate('{"result":true,"elapsed_s":1.01,"committed":42}'))
        self.assertIsNone(parse_generate("a sentence\n"))


class WindowTest(unittest.TestCase):
    class Machine:
        """Takes the number of the line for a snapshot."""

        def __init__(self):
            self.looks = 0

        def snapshot(self, client):
            self.looks += 1
            return cpu.Snapshot(float(self.looks), {"client": client * self.looks}, 0.0, 0.0)

    def watch(self, seconds):
        process = type("Process", (), {"pid": 7})
        lines = ["starting\n"] + [f'{{"elapsed_s":{n}.01,"committed":{n * 100}}}\n' for n in (0, 1, 2, 3, 4)] + ['{"result":true}\n']
        return watch(self.Machine(), process, lines, parse_generate, seconds)

    def test_it_begins_with_the_first_line_and_ends_when_it_is_long_enough(self):
        first, last, others = self.watch(2)
        self.assertEqual((first.operations, last.operations), (100, 300))
        self.assertEqual(others, ["starting\n", '{"result":true}\n'])
        load = load_between(first, last, 400)
        self.assertAlmostEqual(load.rate, 100)
        self.assertEqual(load.usage.cpu, 7)

    def test_a_run_that_was_too_short_has_no_window(self):
        self.assertIsNone(self.watch(9)[1])


class CatalogTest(unittest.TestCase):
    def test_names_are_unique_and_explained(self):
        names = [spec.name for spec in SPECS]
        self.assertEqual(len(names), len(set(names)))
        with open(os.path.join(os.path.dirname(__file__), "README.md"), encoding="utf-8") as file:
            text = file.read()
        for name in names:
            explained = "generator-cN-bN" if name.startswith("generator-c") and name[11].isdigit() else name
            self.assertIn(f"`{explained}`", text)

    def test_a_beginning_selects(self):
        wanted = selection(["edit", "warm"])
        self.assertEqual([spec.name for spec in SPECS if wanted(spec.name)],
                         ["edit", "edit-control", "edit-grid", "edit-grid-control", "warm"])
        self.assertTrue(selection([])("anything"))

    def test_a_full_run_has_five_rounds_over_many_rows(self):
        for quick, rounds in ((True, 3), (False, 5)):
            self.assertGreaterEqual(plan_for(quick).rounds, rounds)
            self.assertGreaterEqual(plan_for(quick).rows, 100_000)


if __name__ == "__main__":
    unittest.main()
