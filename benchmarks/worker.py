#!/usr/bin/env python3
"""One peer with one model in one process, driven by run.py over standard input.

Prints one JSON line when ready: {"error": largest error relative to the largest
reference value} or {"failure": why}. Then answers each line with a JSON line: a number
of milliseconds with samples [[wall, CPU], ...] in nanoseconds a run, "check" with the
error of the last output.
"""

import argparse
import importlib
import json
import os
import sys
import time
from pathlib import Path

from peers import Case


def error_of(runner, model):
    """Largest absolute error of the last output over the largest reference value; infinite
    for NaN and wrong shapes."""
    import numpy as np
    result = runner.result()
    want = runner.reference() if hasattr(runner, "reference") else np.load(model.with_suffix(".ref.npy"))
    if result.shape != want.shape or not np.isfinite(result).all():
        return float("inf")
    return float(np.abs(result.astype(np.float64) - want).max() / max(float(np.abs(want).max()), 1e-30))


def repeat(run, count):
    for _ in range(count):
        run()


class Clock:
    """Takes samples of about `milliseconds` each from a runner in this process."""

    def __init__(self, runner):
        # A runner may know how to repeat itself with less in between than a loop here.
        self._repeat = getattr(runner, "repeat", None) or (lambda count: repeat(runner.run, count))
        start = time.perf_counter_ns()
        self._repeat(1)
        self._estimate = time.perf_counter_ns() - start

    def samples(self, milliseconds):
        count = max(1, round(milliseconds * 1e6 / max(self._estimate, 1)))
        cpu, wall = time.process_time_ns(), time.perf_counter_ns()
        self._repeat(count)
        wall, cpu = time.perf_counter_ns() - wall, time.process_time_ns() - cpu
        self._estimate = min(self._estimate, wall / count)
        return [(wall / count, cpu / count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("peer")
    parser.add_argument("variant")
    parser.add_argument("model", type=Path)
    parser.add_argument("--artifacts", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cores", required=True, help="comma-separated numbers")
    parser.add_argument("--tfc-compile", default="tfc-compile")
    parser.add_argument("--target-cpu", default="native")
    args = parser.parse_args()
    # Libraries print; answers go to the driver alone.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    # Before any import that starts threads.
    os.sched_setaffinity(0, {int(core) for core in args.cores.split(",")})
    try:
        adapter = importlib.import_module(f"peers.{args.peer}")
        case = Case(args.model, args.artifacts, args.threads, args.tfc_compile, args.target_cpu)
        runner = adapter.prepare(case, args.variant)
        runner.run()
        print(json.dumps({"error": error_of(runner, args.model)}), file=answers)
    except Exception as error:  # whatever a peer raises is its cell's reason
        print(json.dumps({"failure": f"{type(error).__name__}: {error}"}), file=answers)
        return
    clock = runner if hasattr(runner, "samples") else Clock(runner)
    for line in sys.stdin:
        if line.strip() == "check":
            print(json.dumps(error_of(runner, args.model)), file=answers)
        else:
            print(json.dumps(list(clock.samples(float(line)))), file=answers)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # peers' thread pools need not be taken down
