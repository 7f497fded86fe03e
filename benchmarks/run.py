#!/usr/bin/env python3
"""Times models compiled by tfc against other runtimes, one pinned process per peer.

Needs numpy and onnx; peers come from setup_peers.sh, and those that are not installed
are left out. A cell is the median of undisturbed samples, taken in turn with those of
all other peers, less the peer's own time for an empty model; * marks a cell that came
to fewer samples than asked for before the row's time was up.
"""

import argparse
import importlib
import json
import os
import platform
import re
import sys
from pathlib import Path

import models
import report
from harness import Settings, find_python, measure_row
from peers import PEERS

ROOT = Path(__file__).resolve().parents[1]
OURS = PEERS[0]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--suite", choices=["models", "gemm"], default="models", help="which group of models")
    parser.add_argument("--filter", type=re.compile, default=re.compile(""), metavar="REGEX",
                        help="run only models whose name it matches somewhere")
    parser.add_argument("--peers", default=",".join(PEERS), metavar="NAME[:VARIANT],...")
    parser.add_argument("--tfc-compile", type=Path, default=ROOT / "build/release/bin/tfc-compile", metavar="PATH")
    parser.add_argument("--peers-folder", type=Path, default=ROOT / "build/peers", metavar="DIR")
    parser.add_argument("--work", type=Path, default=ROOT / "build/benchmarks", metavar="DIR",
                        help="where models and what is compiled from them are kept")
    parser.add_argument("--target-cpu", default="native", metavar="NAME", help="what tfc and IREE compile for")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cores", metavar="N,...", help="the cores to use (default: the last ones)")
    parser.add_argument("--samples", type=int, default=30, help="undisturbed samples for every cell")
    parser.add_argument("--milliseconds", type=float, default=5.0, help="length of a sample")
    parser.add_argument("--cap", type=float, default=180.0, metavar="S", help="seconds for a row's samples")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    return parser.parse_args()


def make_settings(args):
    available = sorted(os.sched_getaffinity(0))
    cores = [int(core) for core in args.cores.split(",")] if args.cores else available[-args.threads :]
    if others := set(available) - set(cores):
        os.sched_setaffinity(0, others)  # this process stays out of the way
    return Settings(threads=args.threads, cores=cores, samples=args.samples, cap=args.cap,
                    milliseconds=args.milliseconds, start_timeout=900, target_cpu=args.target_cpu,
                    artifacts=(args.work / args.target_cpu).resolve(),
                    peers_folder=args.peers_folder.resolve(), tfc_compile=args.tfc_compile.resolve())


def find_contenders(args, settings):
    """(peer, variant, python) of all that is asked for and installed."""
    contenders = []
    for word in args.peers.split(","):
        peer, _, variant = word.partition(":")
        if peer not in PEERS:
            sys.exit(f"error: no peer '{peer}'; there are {', '.join(PEERS)}")
        adapter = importlib.import_module(f"peers.{peer}")
        if args.suite not in getattr(adapter, "SUITES", [args.suite]):
            continue
        if variant and variant not in adapter.VARIANTS:
            sys.exit(f"error: {peer} has no variant '{variant}'; there are {', '.join(adapter.VARIANTS)}")
        python = find_python(peer, settings)
        if peer == OURS and not os.access(settings.tfc_compile, os.X_OK):
            print(f"without {peer}: no compiler at {settings.tfc_compile}", file=sys.stderr)
        elif python is None:
            print(f"without {peer}: not installed", file=sys.stderr)
        else:
            contenders += [(peer, v, python) for v in ([variant] if variant else adapter.VARIANTS)]
    return contenders


def say(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def machine():
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*:\s*(.*)", info.read_text()) if info.exists() else []
    return {"cpu": names[0] if names else platform.processor(), "cores": os.cpu_count(), "system": platform.platform()}


def main():
    args = parse_arguments()
    settings = make_settings(args)
    contenders = find_contenders(args, settings)
    peers = list(dict.fromkeys(peer for peer, _, _ in contenders))
    names = [n for n, m in models.MODELS.items() if m.suite == args.suite and args.filter.search(n)]
    if not names or not contenders:
        sys.exit("error: nothing to run")
    cells = {}
    for name in [models.NOOP, *names]:
        cells[name] = measure_row(models.write(name, args.work.resolve() / "models"), contenders, settings, say)
        say("")
        for cell in cells[name]:
            problem = cell.failure or (f"wrong result, error {cell.error:.2g}" if cell.error > report.LARGEST_ERROR else "")
            if problem:
                print(f"{name}: {cell.peer} {cell.variant}: {problem}", file=sys.stderr)
    rows = {n: report.entries(cells[n], cells[models.NOOP], args.samples) for n in names}
    print("\n".join(report.table(rows, OURS, peers)))
    if args.json:
        figures = {"machine": machine(), "target_cpu": args.target_cpu, "threads": args.threads,
                   "samples": args.samples,
                   **report.as_json(rows, cells, OURS)}
        args.json.write_text(json.dumps(figures, indent=1) + "\n")
    # Ours must be in every row for the table to mean what it says.
    return 1 if OURS in peers and any(OURS not in row for row in rows.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
