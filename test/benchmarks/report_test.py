#!/usr/bin/env python3
"""Tests how the benchmark driver turns samples into cells, ratios and a table."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import report
from harness import Cell


def cell(peer, wall, variant="", count=30, cpu=None, **fields):
    return Cell(peer, variant, samples=[(wall, cpu or wall)] * count, **fields)


class Medians(unittest.TestCase):
    def test_disturbed_samples_do_not_count(self):
        mixed = Cell("ort", "", samples=[(10, 10)] * 5 + [(90, 12)] * 20)
        self.assertEqual((mixed.median(), len(mixed.undisturbed)), (10, 5))

    def test_cpu_time_where_nearly_all_were_disturbed(self):
        self.assertEqual(cell("ort", 90, cpu=12).median(), 12)


class Rows(unittest.TestCase):
    empty = [cell("tfc", 1000), cell("ort", 2000), cell("jax", 5000, "a"), cell("jax", 4000, "b")]

    def entries(self, *cells):
        return report.entries(cells, self.empty, 30)

    def test_overhead_and_best_variant(self):
        row = self.entries(cell("tfc", 11000), cell("ort", 22000), cell("jax", 20000, "a"), cell("jax", 20000, "b"))
        self.assertEqual(row["ort"].net, 20000)
        self.assertEqual((row["jax"].net, row["jax"].variant), (15000, "a"))
        self.assertEqual(report.best_other(row, "tfc"), "jax")
        self.assertEqual(report.ratio(row, "tfc"), 1.5)

    def test_unusable_cells_are_left_out(self):
        row = self.entries(cell("tfc", 11000), cell("ort", 3000, error=0.1), cell("jax", 3000, "a", failure="died"))
        self.assertEqual(list(row), ["tfc"])
        self.assertIsNone(report.ratio(row, "tfc"))

    def test_marks_and_table(self):
        row = self.entries(cell("tfc", 1001000), cell("ort", 502000, count=7))
        lines = report.table({"mlp": row, "cnn": self.entries(cell("ort", 3000))}, "tfc", ["tfc", "ort"])
        self.assertEqual([line.split() for line in lines[:3]],
                         [["model", "tfc", "ort", "best", "peer", "ratio"], ["mlp", "1", "0.5*", "ort", "0.50"],
                          ["cnn", "-", "0.001", "ort", "-"]])
        self.assertEqual(lines[3], "tfc against the best peer of each row: geometric mean 0.500, least 0.50, 1 of 2 rows")

    def test_json(self):
        cells = [cell("tfc", 11000), cell("ort", 22000), Cell("iree", "tiled", failure="died")]
        figures = report.as_json({"mlp": self.entries(*cells)}, {"mlp": cells}, "tfc")
        self.assertEqual((figures["geometric_mean"], figures["rows"]["mlp"]["best_peer"]), (2.0, "ort"))
        self.assertIsNone(figures["rows"]["mlp"]["cells"][2]["median_ns"])


if __name__ == "__main__":
    unittest.main()
