"""Our own objects, called through the C ABI."""

import os
import sys
from pathlib import Path

from . import Runner

# The runners' mirror of the C ABI serves here, too.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "test" / "Conformance"))

VARIANTS = ("",)
REQUIRES = "ml_dtypes"


def prepare(case, variant):
    from common.abi import CompiledModel
    command = lambda path: [case.tfc_compile, str(case.model), "-o", str(path), f"--target-cpu={case.target_cpu}"]
    model = CompiledModel(case.artifact("tfc.so", command, os.path.realpath(case.tfc_compile)), case.threads)
    y = case.output_like()
    (name,) = model.output_ports()
    return Runner(model.bind({"x": case.input()}, {name: y}), lambda: y, keep=model)
