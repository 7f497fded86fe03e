"""One adapter per peer. An adapter is a module with

  VARIANTS            names of settings worth trying; the peer's time in a row is that
                      of its best variant
  REQUIRES            the Python package that must be importable
  SUITES              the suites it can run, where not all
  prepare(case, variant) -> Runner

that runs in the peer's own environment, pinned to its core, one model per process.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

# The order of columns; ours first.
PEERS = ("tfc", "ort", "openvino", "iree", "jax", "openblas")


class NotApplicable(Exception):
    """The peer cannot run this model; its cell stays empty."""


@dataclass
class Case:
    """A model to prepare: NAME.onnx with NAME.in.npy beside it, and the folder for what
    the peer compiles, of which all peers have one in common."""

    model: Path
    artifacts: Path
    threads: int
    tfc_compile: str
    target_cpu: str  # a processor's name, or native

    @property
    def name(self):
        return self.model.stem

    def input(self):
        import numpy as np
        return np.load(self.model.with_suffix(".in.npy"))

    def output_like(self):
        """An array of the output's shape, filled with NaN, for the peer to write to."""
        import numpy as np
        reference = np.load(self.model.with_suffix(".ref.npy"), mmap_mode="r")
        return np.full(reference.shape, np.nan, np.float32)

    def artifact(self, suffix, command, *more_inputs):
        """The path of a file that `command(path)`, a list of words, makes from the model;
        made again when the model or another input is newer."""
        path = self.artifacts / f"{self.name}.{suffix}"
        newest = max(os.path.getmtime(p) for p in (self.model, *more_inputs))
        if not path.exists() or path.stat().st_mtime < newest:
            self.artifacts.mkdir(parents=True, exist_ok=True)
            run = subprocess.run(command(path), capture_output=True, text=True, check=False)
            if run.returncode != 0:
                lines = [line for line in run.stderr.splitlines() if "error" in line] or run.stderr.splitlines()
                raise NotApplicable(f"compiler ended with {run.returncode}: {lines[0] if lines else ''}")
        return path


class Runner:
    """A model ready to run again and again on one input."""

    def __init__(self, run, result, keep=()):
        """`run()` runs once and returns when done; `result()` gives the last output;
        `keep` is what must outlive the calls."""
        self.run, self.result, self._keep = run, result, keep

