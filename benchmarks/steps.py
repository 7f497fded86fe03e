#!/usr/bin/env python3
"""Times steps of TensorFlow graphs compiled by tfc against TensorFlow's session and XLA.

Processes, samples and medians are those of run.py, without subtraction of an empty row,
which is a row here. graphs.py makes the graphs under TensorFlow's Python (--peers-folder);
--cases takes recorded ones instead. All fetches of all steps are compared with TensorFlow's.
"""

import argparse
import importlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import report
from harness import find_python, measure_row
from run import machine, make_settings, say

ROOT = Path(__file__).resolve().parents[1]
OURS = "tfc_steps"
PEERS = (OURS, "tensorflow", "jax_steps")
GRAPHS = ("empty", "add_one", "fifo", "lstm_b1", "lstm_b32", "lstm_lengths_b32", "rnn_lengths_b32", "train_mlp_digits",
          "train_mlp_wide", "train_convnet")
# Those whose threads need a core each.
ON_ALL_CORES = ("fifo",)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--filter", type=re.compile, default=re.compile(""), metavar="REGEX",
                        help="run only graphs whose name it matches somewhere")
    parser.add_argument("--cases", type=Path, metavar="DIR", help="time the last steps of recorded graphs, a folder each")
    parser.add_argument("--peers", default=",".join(PEERS), metavar="NAME[:VARIANT],...")
    parser.add_argument("--tfc-compile", type=Path, default=ROOT / "build/release/bin/tfc-compile", metavar="PATH")
    parser.add_argument("--peers-folder", type=Path, default=ROOT / "build/peers", metavar="DIR")
    parser.add_argument("--work", type=Path, default=ROOT / "build/benchmarks", metavar="DIR",
                        help="where graphs and what is compiled from them are kept")
    parser.add_argument("--target-cpu", default="native", metavar="NAME", help="what tfc compiles for")
    parser.add_argument("--cores", metavar="N,...", help="the cores to use (default: the last one)")
    parser.add_argument("--samples", type=int, default=30, help="undisturbed samples for every cell")
    parser.add_argument("--milliseconds", type=float, default=5.0, help="length of a sample")
    parser.add_argument("--cap", type=float, default=60.0, metavar="S", help="seconds for a row's samples")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    args = parser.parse_args()
    args.threads = 1
    return args


def find_contenders(args, settings):
    """(peer, variant, python) of all that is asked for and installed."""
    contenders = []
    for word in args.peers.split(","):
        peer, _, variant = word.partition(":")
        if peer not in PEERS:
            sys.exit(f"error: no peer '{peer}'; there are {', '.join(PEERS)}")
        adapter = importlib.import_module(f"peers.{peer}")
        python = find_python(peer, settings)
        if python is None:
            print(f"without {peer}: not installed", file=sys.stderr)
        else:
            contenders += [(peer, v, python) for v in ([variant] if variant else adapter.VARIANTS)]
    return contenders


def write_graphs(names, folder, contenders):
    """Makes the graphs that are not there yet."""
    missing = [name for name in names if not (folder / name / "meta.json").exists()]
    if not missing:
        return
    pythons = [python for peer, _, python in contenders if peer == "tensorflow"]
    if not pythons:
        sys.exit(f"error: without TensorFlow there is nothing to make {missing[0]} with")
    subprocess.run([str(pythons[0]), str(ROOT / "benchmarks/graphs.py"), str(folder), *missing], check=True,
                   capture_output=True)


def main():
    args = parse_arguments()
    available = os.sched_getaffinity(0)
    settings = make_settings(args)
    contenders = find_contenders(args, settings)
    peers = list(dict.fromkeys(peer for peer, _, _ in contenders))
    folder = (args.cases or args.work / "graphs").resolve()
    names = [n for n in (sorted(p.name for p in folder.iterdir()) if args.cases else GRAPHS) if args.filter.search(n)]
    if not names or not contenders:
        sys.exit("error: nothing to run")
    if not args.cases:
        write_graphs(names, folder, contenders)
    cells = {}
    for name in names:
        cores = sorted(available) if name in ON_ALL_CORES else settings.cores
        cells[name] = measure_row(folder / name, contenders, replace(settings, cores=cores), say)
        say("")
        for cell in cells[name]:
            problem = cell.failure or (f"wrong result, error {cell.error:.2g}" if cell.error > report.LARGEST_ERROR else "")
            if problem:
                print(f"{name}: {cell.peer} {cell.variant}: {problem}", file=sys.stderr)
    rows = {n: report.entries(cells[n], [], args.samples) for n in names}
    print("\n".join(report.table(rows, OURS, peers)))
    if args.json:
        figures = {"machine": machine(), "target_cpu": args.target_cpu, "samples": args.samples,
                   **report.as_json(rows, cells, OURS)}
        args.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if any(OURS not in row for row in rows.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
