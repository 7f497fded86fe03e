"""Runs a loop for a few and for many iterations and compares the peak of memory: loop_memory.py MODEL.so"""

import resource
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Conformance"))
from common.abi import CompiledModel  # noqa: E402


def peak(model, iterations):
    feeds = {"n": np.array(iterations), "x": np.arange(100, dtype=np.float32)}
    outputs = model.run(feeds, model.step("main"))
    assert np.array_equal(outputs["y"], feeds["x"])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


with CompiledModel(sys.argv[1]) as model:
    few, many = peak(model, 1000), peak(model, 100_000)
    grows = many > few + 1024
    print(f"100000 iterations take {f'{many - few} KB more' if grows else 'no more'} memory than 1000")
