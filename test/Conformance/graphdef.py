#!/usr/bin/env python3
"""Runs TensorFlow graphs step by step and compares with TensorFlow's recorded answers.

Every folder DIR/NAME with a meta.json is a case; DIR may be a case itself.
meta.json lists the steps, feeds.npz and fetches.npz hold their arrays. A case is one object,
with one step for each signature or each distinct set of feeds, fetches and targets, and one
instance, whose state lives through all steps. Parallel steps run on threads and contexts of
their own, each started 50 ms after the one before. A step may be expected to end with an
error, of which the status code is compared.
"""

import json
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.abi import CompiledModel, strings
from common.compare import check_equal
from common.compiler import compile_model
from common.outcome import Failure, StatusFailure, Unsupported
from common.suite import Case, argument_parser, run_suite

# Seconds between the starts of parallel steps.
STAGGER = 0.05
# What the compiler says where a rank depends on data.
LENGTH_NEEDED = "integers whose length is known"


@dataclass
class GraphCase:
    """A graph and the steps recorded beside it."""

    folder: Path
    tfc_compile: Path

    def __post_init__(self):
        self.meta = json.loads((self.folder / "meta.json").read_text())
        self.names = {}  # of compiled steps, by what they run
        for step in self.flat():
            if "signature" not in step:
                self.names.setdefault(what_runs(step), f"s{len(self.names)}")

    def flat(self):
        return [one for step in self.meta["steps"] for one in step.get("parallel", [step])]

    def run(self, workdir, stage):
        self.folders = {"scratch": workdir / "scratch", "case": self.folder}
        self.folders["scratch"].mkdir()
        with np.load(self.folder / "feeds.npz") as feeds, np.load(self.folder / "fetches.npz") as fetches:
            self.feeds, self.fetches = dict(feeds), dict(fetches)
        stage("compiling")
        graph = self.folder / "saved_model"
        target = self.compile(graph if graph.exists() else self.folder / "graph.pb", workdir)
        stage("loading")
        with CompiledModel(target) as compiled:
            for number, step in enumerate(self.meta["steps"]):
                stage(f"running step {number}")
                if "parallel" in step:
                    self.run_parallel(compiled, number, step["parallel"])
                else:
                    self.run_step(compiled, f"step {number}", step)

    def compile(self, graph, workdir):
        flags = [*self.step_flags(), *self.shape_flags()]
        try:
            return compile_model(self.tfc_compile, graph, workdir, flags)
        except Unsupported as error:
            # A vector that tells a shape tells a rank, of which an object has one.
            if LENGTH_NEEDED not in str(error):
                raise
        return compile_model(self.tfc_compile, graph, workdir, [*flags, *self.length_flags()])

    def length_flags(self):
        """The lengths of vectors of integers that steps feed."""
        lengths = {}
        for step in self.flat():
            for edge, key in step["feeds"].items():
                feed = self.feeds[key]
                if feed.ndim == 1 and feed.dtype.kind == "i" and lengths.setdefault(edge, len(feed)) != len(feed):
                    raise Unsupported(f"steps feed '{edge}' {lengths[edge]} and {len(feed)} numbers, an object takes one "
                                      "length where a rank depends on it")
        return [f"--input-shape={edge}={length}" for edge, length in lengths.items()]

    def step_flags(self):
        for (feeds, fetches, targets), name in self.names.items():
            parts = {"feeds": feeds, "fetches": fetches, "targets": targets}
            yield f"--step={name}: " + " ".join(f"{key}={','.join(part)}" for key, part in parts.items() if part)

    def shape_flags(self):
        """The ranks of placeholders that the graph does not tell."""
        declared = {port["name"]: port["shape"] for port in self.meta.get("inputs", [])}
        ranks = {}
        for step in self.flat():
            for edge, key in step["feeds"].items():
                rank = self.feeds[key].ndim
                if edge in declared and (declared[edge] is None or (declared[edge] == [] and rank)):
                    if ranks.setdefault(edge, rank) != rank:
                        raise Unsupported(f"steps feed '{edge}' tensors of ranks {ranks[edge]} and {rank}, "
                                          "an object takes one")
        return [f"--input-shape={edge}={'x'.join('?' * rank)}" for edge, rank in ranks.items()]

    def run_parallel(self, compiled, number, steps):
        errors = []

        def run(index, context, step):
            try:
                self.run_step(context, f"step {number}.{index}", step)
            except Exception as error:  # told by the thread that started this
                errors.append(error)

        contexts = [compiled.another_context() for _ in steps]
        threads = [threading.Thread(target=run, args=(index, context, step))
                   for index, (context, step) in enumerate(zip(contexts, steps))]
        for thread in threads:
            thread.start()
            time.sleep(STAGGER)
        for thread in threads:
            thread.join()
        for context in contexts:
            context.close()
        if errors:
            raise errors[0]

    def run_step(self, compiled, label, step):
        compiled_step = compiled.step(step.get("signature") or self.names[what_runs(step)])
        feeds = {edge: self.feeds[key] for edge, key in step["feeds"].items()} | self.paths(step)
        expected = step.get("error")
        try:
            fetched = compiled.run(feeds, compiled_step)
        except StatusFailure as error:
            if error.code == expected:
                return
            wanted = f", expected {expected}" if expected else ""
            raise Failure(f"{label}: {error}{wanted}") from error
        if expected:
            raise Failure(f"{label} ended with OK, expected {expected}")
        for edge, key in step["fetches"].items():
            if edge not in fetched:
                raise Failure(f"{label}: object has no output '{edge}', only {list(fetched)}")
            self.compare(f"{label}:{edge}", step.get("compare", {}).get(edge, "close"), self.fetches[key], fetched[edge])

    def paths(self, step):
        """The files that a step is fed the names of, by edge."""
        paths = {}
        for edge, text in step.get("path_feeds", {}).items():
            folder, name = text.split(":", 1)
            paths[edge] = np.array(str(self.folders[folder] / name), object)
        return paths

    def compare(self, name, mode, want, got):
        if mode == "shape" or mode.startswith("range:"):
            check_equal(name, want, want.astype(got.dtype) if got.shape == want.shape else got, 0, 0)
            low, high = map(float, mode.split(":")[1:] or (-np.inf, np.inf))
            if mode != "shape" and not ((got >= low) & (got <= high)).all():
                raise Failure(f"output '{name}' lies in [{got.min()}, {got.max()}], expected [{low}, {high}]")
            return
        if mode == "multiset":
            want, got = (sorted_rows(array) for array in (want, got))
        exact = mode == "exact" or want.dtype.kind in "biu"
        check_equal(name, want, got, 0 if exact else self.meta["rtol"], 0 if exact else self.meta["atol"])


def sorted_rows(array):
    if array.ndim == 0:
        return array
    keys = array if array.dtype.kind not in "OSU" else np.array(strings(array)).reshape(array.shape)
    return array[np.lexsort(keys.reshape(len(keys), -1).T)]


def what_runs(step):
    """Steps of which this is equal share a compiled step."""
    return (*step["feeds"], *step.get("path_feeds", ())), tuple(step["fetches"]) or tuple(step.get("fetch_names", ())), tuple(step["targets"])


def load_cases(folder, tfc_compile):
    folders = [folder] if (folder / "meta.json").is_file() else sorted(folder.iterdir())
    return [Case(path.name, GraphCase(path, tfc_compile).run) for path in folders if (path / "meta.json").is_file()]


def main():
    parser = argument_parser(__doc__.splitlines()[0], timeout=120)
    parser.add_argument("folders", type=Path, metavar="DIR", nargs="+", help="folder of cases")
    args = parser.parse_args()
    for folder in args.folders:
        if not folder.is_dir():
            parser.error(f"no folder {folder}")
    compiler = args.tfc_compile.resolve()
    return run_suite([case for folder in args.folders for case in load_cases(folder.resolve(), compiler)], args)


if __name__ == "__main__":
    sys.exit(main())
