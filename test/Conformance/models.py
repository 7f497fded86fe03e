#!/usr/bin/env python3
"""Runs real models that others trained and compares with the recorded answers.

Every folder DIR/NAME with a model.onnx, a frozen graph.pb or a saved_model is a case:
input.npz and output.npz hold runs, as arrays named r{run}:{tensor}, and meta.json their
number and tolerances, of a graph the edges to feed and fetch, of a SavedModel the
signature. All runs of a case use one compiled object.

Some models have further cases against ONNX Runtime: NAME-resized for another input size
(--input-shape), NAME-inner for tensors inside the graph (--output).
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.abi import CompiledModel
from common.compare import check_equal
from common.compiler import compile_model
from common.outcome import Failure, Skipped
from common.suite import Case, argument_parser, run_suite

# Models whose file fixes a size that every user overrides: input → (--input-shape,
# the other size to run, beside the recorded ones, from the same object).
RESIZED = {"centerface": {"input.1": ("?x3x?x?", (1, 3, 96, 160))}}
# Models whose inner tensors are compared, too, a few of each.
INNER = {"centerface", "dnsmos_sig_bak_ovr", "ppocr_cls", "romanizer_greedy_loop", "silero_vad_v6"}
INNER_COUNT = 4
# What a folder holds its model as.
FORMATS = ("model.onnx", "graph.pb", "saved_model")


@dataclass
class RecordedModel:
    """A model and the runs recorded beside it."""

    folder: Path
    tfc_compile: Path

    def __post_init__(self):
        meta = json.loads((self.folder / "meta.json").read_text())
        self.run_count, self.rtol, self.atol = meta["runs"], meta["rtol"], meta["atol"]
        self.path = next(path for path in map(self.folder.joinpath, FORMATS) if path.exists())
        self.step, self.flags = meta.get("signature"), []
        if self.path.name == "graph.pb":
            self.flags = [f"--step=main: feeds={','.join(meta['inputs'])} fetches={','.join(meta['fetches'])}"]

    def run(self, workdir, stage):
        self._run(workdir, stage, self.flags, self.recorded())

    def run_resized(self, workdir, stage):
        """Recorded runs and one of another size, all from an object compiled with
        --input-shape; the new size's reference is what ONNX Runtime answers."""
        shapes = RESIZED[self.folder.name]
        feeds = {name: np.random.default_rng(0).standard_normal(size, dtype=np.float32)
                 for name, (_, size) in shapes.items()}
        stage("running ONNX Runtime")
        expected = onnxruntime_answers(self.path, feeds)
        flags = [f"--input-shape={name}={shape}" for name, (shape, _) in shapes.items()]
        self._run(workdir, stage, flags, [*self.recorded(), ("resized", feeds, expected)])

    def run_inner(self, workdir, stage):
        """The first recorded run, with tensors from all over the graph as outputs."""
        stage("running ONNX Runtime")
        _, feeds, _ = next(self.recorded())
        expected = onnxruntime_answers(self.path, feeds, inner_edges)
        self._run(workdir, stage, [f"--output={name}" for name in expected], [("inner", feeds, expected)])

    def _run(self, workdir, stage, flags, runs):
        stage("compiling")
        target = compile_model(self.tfc_compile, self.path, workdir, flags)
        stage("loading")
        with CompiledModel(target) as compiled:
            step = compiled.step(self.step)
            inputs, outputs = compiled.input_ports(step), compiled.output_ports(step)
            for label, feeds, expected in runs:
                stage(f"running {label}")
                fetched = compiled.run({n: as_port(inputs.get(n), v) for n, v in feeds.items()}, step)
                stage(f"comparing {label}")
                for name, want in expected.items():
                    if name not in fetched:
                        raise Failure(f"object has no output '{name}', only {list(fetched)}")
                    check_equal(f"{label}:{name}", as_port(outputs[name], want), fetched[name],
                                self.rtol, self.atol)

    def recorded(self):
        with np.load(self.folder / "input.npz") as inputs, np.load(self.folder / "output.npz") as outputs:
            for run in range(self.run_count):
                yield f"r{run}", of_run(inputs, run), of_run(outputs, run)


def of_run(archive, run):
    prefix = f"r{run}:"
    return {key.removeprefix(prefix): archive[key] for key in archive.files if key.startswith(prefix)}


def as_port(port, value):
    """The archives hold scalars as arrays of one element; give them the port's rank."""
    return value.reshape(()) if port is not None and port.rank == 0 and value.shape == (1,) else value


def inner_edges(model):
    """Names of tensors from all over the graph."""
    outputs = {output.name for output in model.graph.output}
    edges = [node.output[0] for node in model.graph.node
             if node.op_type not in ("Constant", "Shape") and node.output[0] not in outputs]
    return [edges[len(edges) * (i + 1) // (INNER_COUNT + 1)] for i in range(INNER_COUNT)]


def onnxruntime_answers(path, feeds, choose=None):
    """ONNX Runtime's outputs by name, or the edges that choose(model) names, with every size in the file's own
    declarations forgotten. Raises Skipped where it is not installed."""
    try:
        import onnx
        import onnxruntime
    except ImportError as error:
        raise Skipped(f"needs {error.name} for its reference") from error
    model = onnx.load(path)
    del model.graph.value_info[:]
    initialized = {tensor.name for tensor in model.graph.initializer}
    for port in [*model.graph.input, *model.graph.output]:
        if port.name in initialized:
            continue
        for axis, dim in enumerate(port.type.tensor_type.shape.dim):
            dim.dim_param = f"{port.name}_{axis}"
    if choose:
        edges = choose(model)
        del model.graph.output[:]
        model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in edges)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only: the file's style is not our concern
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, feeds)))


def load_cases(folder, tfc_compile):
    for path in sorted(folder.iterdir()):
        if not any((path / name).exists() for name in FORMATS):
            continue
        model = RecordedModel(path, tfc_compile)
        yield Case(path.name, model.run)
        if path.name in RESIZED:
            yield Case(f"{path.name}-resized", model.run_resized)
        if path.name in INNER:
            yield Case(f"{path.name}-inner", model.run_inner)


def main():
    parser = argument_parser(__doc__.splitlines()[0], timeout=300)
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of model folders")
    args = parser.parse_args()
    if not args.folder.is_dir():
        parser.error(f"no folder {args.folder}")
    return run_suite(list(load_cases(args.folder.resolve(), args.tfc_compile.resolve())), args)


if __name__ == "__main__":
    sys.exit(main())
