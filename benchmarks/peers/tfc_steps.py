"""Our own objects; steps are repeated by a loop in C."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

from .graph import Graph, GraphRunner

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "test" / "Conformance"))

VARIANTS = ("",)
REQUIRES = "ml_dtypes"
REPEAT = """#include <stdint.h>
int repeat(int (*run)(void *, void *, void *, void *), void *context, void *step, void *inputs, void *outputs,
           int64_t count) {
  int status = 0;
  while (count-- > 0 && !status)
    status = run(context, step, inputs, outputs);
  return status;
}
"""


def prepare(case, variant):
    from graphdef import GraphCase
    recorded = GraphCase(case.model, case.tfc_compile)
    graph = Graph(case.model)
    recorded.feeds = graph.arrays
    flags = [*recorded.step_flags(), *recorded.shape_flags(), f"--target-cpu={case.target_cpu}"]
    command = lambda path: [case.tfc_compile, str(graph.path), "-o", str(path),
                            *flags]
    library = case.artifact("tfc.so", command, os.path.realpath(case.tfc_compile))
    repeat = ctypes.CDLL(str(case.artifact("repeat.so", compile_repeat))).repeat
    return GraphRunner(graph, lambda: Session(library, recorded, repeat))


def compile_repeat(path):
    source = path.with_suffix(".c")
    source.write_text(REPEAT)
    return ["cc", "-O2", "-shared", "-fPIC", str(source), "-o", str(path)]


class Session:
    """An instance; each step has a context and buffers of its own."""

    def __init__(self, library, recorded, repeat):
        from common.abi import CompiledModel
        self._model, self._recorded, self._repeat, self._bound = CompiledModel(library), recorded, repeat, {}

    def run(self, one):
        feeds, fetches, targets, signature = one
        model = self._model.another_context()
        step = model.step(signature or self._recorded.names[tuple(feeds), tuple(fetches), tuple(targets)])
        results = model.run(feeds, step)
        values = [results[edge].copy() for edge in fetches]
        self._bound[id(one)] = model, model.bind(feeds, results, step)
        return values

    def repeat(self, one, count):
        _, call = self._bound[id(one)]
        run, *arguments = call.arguments
        if self._repeat(run, *arguments, ctypes.c_int64(count)):
            call()  # tells why

    def close(self):
        for model, _ in self._bound.values():
            model.close()
        self._model.close()
