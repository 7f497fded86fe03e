"""Runs steps of one instance of a compiled model and prints their outputs.

Usage: execute.py MODEL.so STEP [NAME=EXPRESSION]... [-- STEP [NAME=EXPRESSION]...]..., the
expressions being Python's with `np` and `f32`; lists of arrays are lists, None is an absent
optional.
"""

import itertools
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
    path, *arguments = sys.argv[1:]
    calls = [list(call) for is_end, call in itertools.groupby(arguments, lambda argument: argument == "--") if not is_end]
    with CompiledModel(path) as model:
        for step, *inputs in calls:
            feeds = {}
            for argument in inputs:
                name, expression = argument.split("=", 1)
                feeds[name] = eval(expression, {"np": np, "f32": f32})
            for name, value in model.run(feeds, model.step(step)).items():
                print(f"{name}: {text(value)}")


main()
