"""From cells to a table, ratios and JSON.

A peer's time in a row is that of its best variant, less what the same variant takes
for the empty model; a row's ratio is the best peer's time over ours.
"""

import math
from dataclasses import dataclass

LARGEST_ERROR = 1e-3


@dataclass
class Entry:
    """One peer in one row: net nanoseconds, and what makes them doubtful."""

    net: float
    variant: str
    mark: str


def usable(cell):
    return not cell.failure and cell.samples and cell.error <= LARGEST_ERROR


def entries(cells, empty_cells, wanted_samples):
    """The best entry of each peer in a row, by peer. `empty_cells` is the empty model's
    row, none when this is that row."""
    overhead = {(c.peer, c.variant): c.median() for c in empty_cells if usable(c)}
    result = {}
    for cell in cells:
        if not usable(cell):
            continue
        net = max(cell.median() - overhead.get((cell.peer, cell.variant), 0.0), 1.0)
        mark = "*" if len(cell.undisturbed) < wanted_samples else ""
        if cell.peer not in result or net < result[cell.peer].net:
            result[cell.peer] = Entry(net, cell.variant, mark)
    return result


def best_other(row, ours):
    """Name of the fastest peer that is not ours; None where there is none."""
    return min((peer for peer in row if peer != ours), key=lambda peer: row[peer].net, default=None)


def ratio(row, ours):
    """How many times as fast as the best peer ours is; None where one is missing."""
    best = best_other(row, ours)
    return row[best].net / row[ours].net if best and ours in row else None


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def format_time(nanoseconds):
    return f"{nanoseconds / 1e6:.4g}"


def table(rows, ours, peers):
    """Lines of text: milliseconds by model and peer, and ours against the best."""
    head = ["model", *peers, "best peer", "ratio"]
    body = []
    for name, row in rows.items():
        best, value = best_other(row, ours), ratio(row, ours)
        times = [format_time(row[p].net) + row[p].mark if p in row else "-" for p in peers]
        body.append([name, *times, best or "-", f"{value:.2f}" if value else "-"])
    widths = [max(len(line[i]) for line in [head, *body]) for i in range(len(head))]
    lines = ["  ".join(word.ljust(w) if i == 0 else word.rjust(w) for i, (word, w) in enumerate(zip(line, widths)))
             for line in [head, *body]]
    values = [v for v in (ratio(row, ours) for row in rows.values()) if v]
    if values:
        lines.append(f"{ours} against the best peer of each row: geometric mean {geometric_mean(values):.3f}, "
                     f"least {min(values):.2f}, {len(values)} of {len(rows)} rows")
    return lines


def as_json(rows, cells_by_model, ours):
    """Everything a later reader needs to judge or recompute the table."""
    def percentile(times, share):
        return times[min(len(times) - 1, int(len(times) * share))] if times else None

    def describe(cell):
        times = sorted(cell.undisturbed)
        return {"peer": cell.peer, "variant": cell.variant, "failure": cell.failure, "error": finite(cell.error),
                "median_ns": finite(cell.median()), "p10_ns": percentile(times, 0.1), "p90_ns": percentile(times, 0.9),
                "undisturbed": len(times), "samples": len(cell.samples)}

    values = {name: ratio(row, ours) for name, row in rows.items()}
    present = [v for v in values.values() if v]
    return {
        "rows": {name: {"cells": [describe(c) for c in cells],
                        "net_ns": {peer: entry.net for peer, entry in rows.get(name, {}).items()},
                        "best_peer": best_other(rows[name], ours) if name in rows else None,
                        "ratio": values.get(name)}
                 for name, cells in cells_by_model.items()},
        "geometric_mean": geometric_mean(present) if present else None,
    }


def finite(number):
    return number if math.isfinite(number) else None
