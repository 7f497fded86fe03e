#!/usr/bin/env python3
"""Print errors and times of the math expansions, the table of docs/design/math.md.

    benchmarks/math_functions.py [--build BUILD] [--core N] [OP...]

Times are nanoseconds an element of a block that fits the first-level cache, the tenth
percentile of many samples.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=ROOT / "build/release", type=pathlib.Path, help="build tree with bin/tfc-opt")
    parser.add_argument("--llvm", default="/usr/lib/llvm-22/bin", help="folder of LLVM's tools")
    parser.add_argument("--core", default=max(os.sched_getaffinity(0)), type=int, help="the core to time on")
    parser.add_argument("ops", nargs="*", help="math ops, default all")
    options = parser.parse_args()
    path = os.pathsep.join([str(options.build / "bin"), options.llvm, os.environ["PATH"]])
    with tempfile.TemporaryDirectory() as folder:
        builder = ROOT / "test/Codegen/CPU/Inputs/build-math.py"
        subprocess.run([sys.executable, builder, folder], env={**os.environ, "PATH": path}, check=True)
        os.sched_setaffinity(0, {options.core})
        return subprocess.run([f"{folder}/check-math", "--table", *options.ops]).returncode


if __name__ == "__main__":
    sys.exit(main())
