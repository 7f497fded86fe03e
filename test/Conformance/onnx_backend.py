#!/usr/bin/env python3
"""Runs the cases of onnx.backend.test through tfc-compile and compares as that suite does.

The cases come with the installed onnx package: node cases are generated in memory,
the others lie on its disk. Nothing is downloaded.
"""

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.model import collect_testcases
from onnx.backend.test.loader import load_model_tests
from onnx.backend.test.runner import Runner

from common.abi import CompiledModel
from common.compare import check_equal
from common.compiler import compile_model
from common.outcome import Failure
from common.suite import Case, argument_parser, run_suite

# Our name of a kind → the suite's.
KINDS = {
    "node": "node",
    "simple": "simple",
    "pytorch-converted": "pytorch-converted",
    "pytorch-operator": "pytorch-operator",
    "zoo-topologies": "real",
}
# Where the suite's data lies; light zoo models are named relative to the package's parent.
PACKAGE_PARENT = Path(onnx.__file__).resolve().parents[1]


# Operators whose results depend on the generator of random numbers: the suite's answers
# say what type and shape they have.
RANDOM_OPS = {"Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"}


def is_random(model, feeds):
    """Whether a run's results depend on random numbers. Dropout's do in training mode,
    where it drops anything."""
    def drops(node):
        names = [*node.input, "", ""]
        return bool(np.any(feeds.get(names[2], False))) and bool(np.any(feeds.get(names[1], 0.5)))

    return any(node.op_type in RANDOM_OPS or node.op_type == "Dropout" and drops(node) for node in model.graph.node)


@dataclass
class BackendCase:
    """One case: a model, in memory or on disk, and its recorded runs."""

    test: object  # onnx.backend.test.case.test_case.TestCase
    tfc_compile: Path

    def run(self, workdir, stage):
        stage("reading the case")
        model, path = self.model(workdir)
        runs = list(self.runs(model))
        stage("compiling")
        target = compile_model(self.tfc_compile, path, workdir)
        stage("loading")
        with CompiledModel(target) as compiled:
            for feeds, expected in runs:
                stage("running")
                fetched = compiled.run(feeds)
                stage("comparing")
                self.compare(expected, fetched, shapes_only=is_random(model, feeds))

    def compare(self, expected, fetched, shapes_only):
        if len(fetched) != len(expected):
            raise Failure(f"object has outputs {list(fetched)}, the case {list(expected)}")
        for name, want in expected.items():
            if name not in fetched:
                raise Failure(f"object has no output '{name}', only {list(fetched)}")
            got = fetched[name]
            if shapes_only and isinstance(got, np.ndarray) and got.shape == want.shape:
                got = want.astype(got.dtype)
            check_equal(name, want, got, self.test.rtol, self.test.atol)

    def model(self, workdir):
        """The model and a file that holds it."""
        if self.test.model is not None:
            path = workdir / "model.onnx"
            onnx.save(self.test.model, path)
            return self.test.model, path
        path = self.light_file() or Path(self.test.model_dir) / "model.onnx"
        return onnx.load(path), path

    def light_file(self) -> Optional[Path]:
        """A zoo topology, stored without its weights, which its nodes generate."""
        url = self.test.url or ""
        return PACKAGE_PARENT / url if url.startswith("onnx/backend/test/data/light/") else None

    def runs(self, model):
        """Pairs of arrays by input name and arrays by output name."""
        inputs, outputs = model.graph.input, model.graph.output
        if self.test.data_sets is not None:
            for feeds, expected in self.test.data_sets:
                yield by_name(inputs, map(normalize, feeds)), by_name(outputs, map(normalize, expected))
        elif self.light_file():
            initialized = {tensor.name for tensor in model.graph.initializer}
            feeds = {i.name: Runner.generate_dummy_data(i) for i in inputs if i.name not in initialized}
            stem = str(self.light_file()).removesuffix(".onnx")
            yield feeds, {o.name: read(f"{stem}_output_{n}.pb", o) for n, o in enumerate(outputs)}
        else:
            for folder in sorted(Path(self.test.model_dir).glob("test_data_set*")):
                yield read_all(folder, "input", inputs), read_all(folder, "output", outputs)


def by_name(ports, values):
    """Values come in the order of the graph's ports, possibly fewer: trailing inputs
    with initializers need none."""
    return {port.name: value for port, value in zip(ports, values)}


def normalize(value):
    """What the suite's generators hand over — arrays, scalars, TensorProtos, lists, None
    — with every tensor as an array."""
    if isinstance(value, onnx.TensorProto):
        return numpy_helper.to_array(value)
    if isinstance(value, (np.generic, bool, int, float)):
        return np.asarray(value)
    return value


def read_all(folder, role, ports):
    count = len(list(folder.glob(f"{role}_*.pb")))
    return {port.name: read(folder / f"{role}_{n}.pb", port) for n, port in enumerate(ports[:count])}


def read(path, port):
    """The value in a .pb file, whose message type the port's type tells."""
    data = Path(path).read_bytes()
    if port.type.HasField("sequence_type"):
        return numpy_helper.to_list(onnx.SequenceProto.FromString(data))
    if port.type.HasField("optional_type"):
        return numpy_helper.to_optional(onnx.OptionalProto.FromString(data))
    return numpy_helper.to_array(onnx.TensorProto.FromString(data))


def load_cases(kind):
    """The suite's cases of a kind, sorted by name. Simple models lie on disk and, some
    only, in memory."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the suite's generators overflow on purpose
        tests = {test.name: test for test in load_model_tests(kind=KINDS[kind])}
        if kind == "simple":
            for test in collect_testcases():
                if test.kind == "simple":
                    tests.setdefault(test.name, test)
    return [tests[name] for name in sorted(tests)]


def main():
    parser = argument_parser(__doc__.splitlines()[0], timeout=60)
    parser.add_argument("--kind", choices=[*KINDS, "light", "all"], default="node",
                        help="family of cases; light is zoo-topologies")
    args = parser.parse_args()
    kind = {"light": "zoo-topologies"}.get(args.kind, args.kind)
    compiler = args.tfc_compile.resolve()
    return run_suite([Case(test.name, BackendCase(test, compiler).run)
                      for k in (KINDS if kind == "all" else [kind]) for test in load_cases(k)], args)


if __name__ == "__main__":
    sys.exit(main())
