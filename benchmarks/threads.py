#!/usr/bin/env python3
"""What two threads bring, and that they change nothing.

The throughput of one process with two threads against the joint throughput of two
one-thread processes, each pinned to a core, in turn; and whether 1, 2 and 7 threads give
the same bits. Needs two cores that do nothing else.
"""

import argparse
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import models

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "Conformance"))
THREAD_COUNTS = (1, 2, 7)


def load(library, model, threads):
    """The compiled model, a function that runs it, and where its output goes."""
    import numpy as np
    from common.abi import CompiledModel
    compiled = CompiledModel(library, threads)
    y = np.zeros_like(np.load(model.with_suffix(".ref.npy")))
    (name,) = compiled.output_ports()
    return compiled, compiled.bind({"x": np.load(model.with_suffix(".in.npy"))}, {name: y}), y


def serve(library, model, threads, cores, pipe):
    """Runs the model for as many seconds as it is told, again and again; answers with runs
    a second."""
    os.sched_setaffinity(0, cores)
    _compiled, run, _ = load(library, model, threads)
    run()
    pipe.send(None)
    while seconds := pipe.recv():
        count, start = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - start) < seconds:
            run()
            count += 1
        pipe.send(count / elapsed)


class Process:
    def __init__(self, *arguments):
        self._pipe, other = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=serve, args=(*arguments, other), daemon=True)
        self._process.start()
        self._pipe.recv()

    def start(self, seconds):
        self._pipe.send(seconds)

    def rate(self):
        return self._pipe.recv()

    def stop(self):
        self._pipe.send(0)
        self._process.join()


def throughput(library, model, cores, args):
    """(runs a second of two processes, of two threads, their ratio): medians of rounds."""
    pair = [Process(library, model, 1, {core}) for core in cores]
    both = Process(library, model, 2, set(cores))
    rounds = []
    for _ in range(args.rounds):
        for process in pair:
            process.start(args.seconds)
        joint = sum(process.rate() for process in pair)
        both.start(args.seconds)
        rounds.append((joint, both.rate()))
    for process in [*pair, both]:
        process.stop()
    joint, shared = (statistics.median(column) for column in zip(*rounds))
    return joint, shared, statistics.median(b / a for a, b in rounds)


def same_bits(library, model):
    results = []
    for threads in THREAD_COUNTS:
        compiled, run, y = load(library, model, threads)
        run()
        results.append(y.tobytes())
        compiled.close()
    return len(set(results)) == 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("models", nargs="*", default=["resnet18", "encoder"], help="names in models.py")
    parser.add_argument("--tfc-compile", type=Path, default=ROOT / "build/release/bin/tfc-compile", metavar="PATH")
    parser.add_argument("--work", type=Path, default=ROOT / "build/benchmarks", metavar="DIR")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=1.0, help="length of a round for either side")
    parser.add_argument("--cores", type=lambda text: [int(core) for core in text.split(",")], default=[0, 1])
    args = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    failed = False
    print(f"{'model':12} {'2 processes/s':>14} {'2 threads/s':>12} {'ratio':>6}  bits of {THREAD_COUNTS} threads")
    for name in args.models:
        model = models.write(name, args.work / "models")
        library = args.work / f"{name}.threads.so"
        subprocess.run([args.tfc_compile, model, "-o", library, "--target-cpu=native"], check=True)
        joint, shared, ratio = throughput(library, model, args.cores, args)
        same = same_bits(library, model)
        failed |= not same
        print(f"{name:12} {joint:14.1f} {shared:12.1f} {ratio:6.2f}  {'equal' if same else 'DIFFERENT'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
