"""IREE, compiled for this CPU and timed by its own C tool, so that no Python is in the
loop. It allocates its output in every call: its tool knows no other way."""

import json
import subprocess
import sys
from pathlib import Path

from . import Runner

# With data tiling and as implicit matrix products: neither wins everywhere.
VARIANTS = ("tiled", "im2col")
REQUIRES = "iree.compiler"
FLAGS = {"tiled": [], "im2col": ["--iree-global-opt-use-im2col-for-convs"]}
TOOLS = Path(sys.executable).parent
NANOSECONDS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}


class IreeRunner(Runner):
    def __init__(self, module, case):
        self._arguments = [f"--module={module}", f"--function={case.name}", f"--input=@{case.model.with_suffix('.in.npy')}",
                           f"--device={'local-sync' if case.threads == 1 else 'local-task'}"]
        self._output = module.with_suffix(".out.npy")
        super().__init__(self._run, self._result)

    def _tool(self, name, *flags):
        run = subprocess.run([TOOLS / name, *self._arguments, *flags], check=True, capture_output=True, text=True)
        return run.stdout

    def _run(self):
        self._tool("iree-run-module", f"--output=@{self._output}")

    def _result(self):
        import numpy as np
        return np.load(self._output)

    def samples(self, milliseconds):
        """A few samples of (wall, CPU) nanoseconds a run; one process start for all."""
        text = self._tool("iree-benchmark-module", "--benchmark_repetitions=3", "--benchmark_format=json",
                          f"--benchmark_min_time={milliseconds / 1e3}s")
        for entry in json.loads(text)["benchmarks"]:
            if entry["run_type"] == "iteration":
                unit = NANOSECONDS[entry["time_unit"]]
                yield entry["real_time"] * unit, entry["cpu_time"] * unit


def prepare(case, variant):
    processor = "host" if case.target_cpu == "native" else case.target_cpu
    imported = case.artifact("mlir", lambda path: [TOOLS / "iree-import-onnx", case.model, "-o", path])
    command = lambda path: [TOOLS / "iree-compile", imported, "-o", path, "--iree-hal-target-backends=llvm-cpu",
                            f"--iree-llvmcpu-target-cpu={processor}", "--iree-opt-level=O3", "--iree-opt-data-tiling",
                            *FLAGS[variant]]
    return IreeRunner(case.artifact(f"{variant}.vmfb", command, imported), case)
