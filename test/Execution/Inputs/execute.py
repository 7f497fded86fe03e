"""Runs one step of a compiled model and prints its outputs.

Usage: execute.py MODEL.so STEP [NAME=EXPRESSION]..., the expressions being Python's with
`np` and `f32`; lists of arrays are lists, None is an absent optional.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Conformance"))
from common.abi import CompiledModel  # noqa: E402


def f32(*values):
    return np.array(values, np.float32)


def text(value):
    if isinstance(value, list):
        return "list of " + "; ".join(map(text, value)) if value else "empty list"
    if value is None:
        return "nothing"
    return f"{value.dtype}{list(value.shape)} " + " ".join(map(str, value.ravel().tolist()))


def main():
    path, step, *inputs = sys.argv[1:]
    feeds = {}
    for argument in inputs:
        name, expression = argument.split("=", 1)
        feeds[name] = eval(expression, {"np": np, "f32": f32})
    with CompiledModel(path) as model:
        for name, value in model.run(feeds, model.step(step)).items():
            print(f"{name}: {text(value)}")


main()
