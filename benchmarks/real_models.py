#!/usr/bin/env python3
"""Times real ONNX models on their recorded inputs against ONNX Runtime, one thread each.

DIR is laid out as test/Conformance/models.py wants it. Needs numpy and onnxruntime. Both
runtimes live in this process, pinned to one core, and give samples in turn; a figure is the
median of them in milliseconds, for the first recorded run of each model.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

from worker import Clock

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "Conformance"))


class Runner:
    """What a clock calls."""

    def __init__(self, run):
        self.run = run


def ours(model, inputs, args):
    """A runner of the model compiled for this machine; its object stays in the work folder."""
    from common.abi import CompiledModel
    target = (args.work / f"{model.folder.name}.so").resolve()
    if not args.keep or not target.exists():
        subprocess.run([args.tfc_compile, model.path, "-o", target, "--target-cpu=native"], check=True,
                       capture_output=True, text=True)
    compiled = CompiledModel(target, threads=1)
    from models import as_port
    ports = compiled.input_ports()
    feeds = {name: as_port(ports.get(name), value) for name, value in inputs.items()}
    return Runner(compiled.bind(feeds, compiled.run(feeds)))


def onnxruntime(model, inputs):
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(str(model.path), options, providers=["CPUExecutionProvider"])
    return Runner(lambda: session.run(None, inputs))


def measure(runners, samples):
    """Median milliseconds of each runner."""
    clocks = [Clock(runner) for runner in runners]
    times = [[] for _ in clocks]
    for _ in range(samples):
        for clock, taken in zip(clocks, times):
            # Of CPU time: other work on the machine takes the core from both.
            taken.extend(cpu for _, cpu in clock.samples(milliseconds=20))
    return [statistics.median(taken) / 1e6 for taken in times]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of model folders")
    parser.add_argument("--filter", type=re.compile, default=re.compile(""), metavar="REGEX")
    parser.add_argument("--tfc-compile", type=Path, default=ROOT / "build/release/bin/tfc-compile", metavar="PATH")
    parser.add_argument("--work", type=Path, default=ROOT / "build/benchmarks/real", metavar="DIR",
                        help="where objects are kept")
    parser.add_argument("--keep", action="store_true", help="use the objects that are there already")
    parser.add_argument("--samples", type=int, default=15)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    from models import RecordedModel
    print(f"| {'model':24} | {'tfc ms':>8} | {'ORT ms':>8} | ORT / tfc |\n|---|---|---|---|")
    for folder in sorted(args.folder.iterdir()):
        if not (folder / "model.onnx").is_file() or not args.filter.search(folder.name):
            continue
        model = RecordedModel(folder, args.tfc_compile)
        _, inputs, _ = next(model.recorded())
        try:
            times = measure([ours(model, inputs, args), onnxruntime(model, inputs)], args.samples)
        except subprocess.CalledProcessError as error:
            print(f"{folder.name}: {error.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            continue
        print(f"| {folder.name:24} | {times[0]:8.3f} | {times[1]:8.3f} | {times[1] / times[0]:9.2f} |", flush=True)


if __name__ == "__main__":
    main()
