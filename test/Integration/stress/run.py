#!/usr/bin/env python3
"""Eight threads in a mix of steps that share variables and a queue, for some seconds.

With --sanitize=thread, program and emitted code are instrumented; --runtime is then the one of the
preset tsan: cmake --preset tsan && ninja -C build/tsan tfc-rt && test/Integration/stress/run.py
--seconds 10 --sanitize=thread --runtime build/tsan/lib/libtfc-rt.a
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
STEPS = (
    "init: targets=init",
    "add: feeds=amount fetches=total targets=add",
    "train: feeds=gradient targets=train",
    "predict: feeds=x fetches=y,p_value",
    "put: feeds=id,row targets=put",
    "take: fetches=take,take:1",
)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--tfc-compile", type=Path, default=ROOT / "build/release/bin/tfc-compile", metavar="PATH")
    parser.add_argument("--runtime", type=Path, default=ROOT / "build/release/lib/libtfc-rt.a", metavar="PATH")
    parser.add_argument("--cxx", default="clang++-22", metavar="COMMAND")
    parser.add_argument("--sanitize", metavar="NAME", help="address or thread")
    parser.add_argument("--seconds", type=float, default=10)
    args = parser.parse_args()
    flags = [f"--sanitize={args.sanitize}"] if args.sanitize else []
    with tempfile.TemporaryDirectory() as folder:
        target, program = Path(folder, "state.o"), Path(folder, "stress")
        subprocess.run([args.tfc_compile, HERE / "state.pbtxt", "-o", target, *flags,
                        *(f"--step={step}" for step in STEPS)], check=True)
        subprocess.run([args.cxx, "-std=c++17", "-g", "-O1", "-Wall", "-Wextra", f"-I{ROOT}/include", f"-I{folder}",
                        HERE / "stress.cpp", target, args.runtime, "-lm", "-pthread", "-o", program,
                        *([f"-fsanitize={args.sanitize}"] if args.sanitize else [])], check=True)
        return subprocess.run([program, str(args.seconds)], check=False, timeout=60 + 20 * args.seconds).returncode


if __name__ == "__main__":
    sys.exit(main())
