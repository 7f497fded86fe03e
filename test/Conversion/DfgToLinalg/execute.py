#!/usr/bin/env python3
"""Executed checks of the lowering of every `dfg` op.

Each case is one or a few ops with NumPy inputs and the result that NumPy gives. It is
compiled twice, with static and with dynamic extents, as a step of an object that
tfc-compile writes; the object runs through the C ABI. A family of cases is one object,
so that hundreds of cases take seconds.

Exit status: 0 all passed, 1 some failed, 77 NumPy or ml_dtypes is missing.
"""

import argparse
import ctypes
import importlib
import pathlib
import re
import shutil
import string
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT / "test" / "Conformance")]

try:
    from common.abi import CompiledModel
    from common.compare import check_equal
    from common.outcome import Failure, Unsupported
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

FAMILIES = ("arrays", "indexing", "reduction", "contraction", "windows", "narrow_floats")

ELEMENTS = {
    "float32": "f32", "float64": "f64", "float16": "f16", "bfloat16": "bf16", "bool": "i1",
    "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64",
    "uint8": "ui8", "uint16": "ui16", "uint32": "ui32", "uint64": "ui64",
    "int4": "i4", "uint4": "ui4", "int2": "i2", "uint2": "ui2",
    "float8_e4m3fn": "f8E4M3FN", "float8_e4m3fnuz": "f8E4M3FNUZ", "float8_e5m2": "f8E5M2",
    "float8_e5m2fnuz": "f8E5M2FNUZ", "float8_e8m0fnu": "f8E8M0FNU", "float4_e2m1fn": "f4E2M1FN",
}


def tensor_type(array, dynamic):
    dims = ["?" if dynamic else str(extent) for extent in array.shape]
    return f"tensor<{'x'.join([*dims, ELEMENTS[array.dtype.name]])}>"


class Variant:
    """A case with static or dynamic extents: one step of the family's object."""

    def __init__(self, case, dynamic):
        self.case, self.dynamic = case, dynamic
        self.name = re.sub(r"\W", "_", case["name"]) + ("_dynamic" if dynamic else "_static")

    def step(self):
        """The text of the step. `$x` in the case's text stands for the type of `x`."""
        case = self.case
        dynamic = {name: self.dynamic and name not in case["fixed"] for name in [*case["inputs"], "y"]}
        types = {name: tensor_type(array, dynamic[name])
                 for name, array in [*case["inputs"].items(), ("y", case["expected"])]}
        arguments = ", ".join(f'%{name}: {types[name]} {{dfg.edge = "{name}"}}' for name in case["inputs"])
        body = string.Template(case["text"]).substitute(types)
        return (f'  dfg.step @{self.name}({arguments}) -> ({types["y"]} {{dfg.edge = "y"}}) {{\n'
                f'    {body}\n    dfg.return %y : {types["y"]}\n  }}\n')

    def check(self, model):
        """Runs the step; raises Failure where the result is wrong."""
        case = self.case
        found = model.run(case["inputs"], model.step(self.name))["y"]
        check_equal("y", case["expected"], found, case["tolerance"], case["tolerance"])


def compile_steps(tfc_compile, variants, folder):
    """The object that holds the variants, or the compiler's message."""
    source, target = folder / "cases.mlir", folder / f"{variants[0].name}_{len(variants)}.so"
    source.write_text("dfg.graph @cases {\n" + "".join(v.step() for v in variants) + "}\n")
    run = subprocess.run([str(tfc_compile), "--verify-each", str(source), "-o", str(target)], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        return None, run.stderr.strip() or f"exit status {run.returncode}"
    try:
        ctypes.CDLL(str(target))
    except OSError as error:
        return None, str(error)
    return target, None


def run_family(tfc_compile, variants, folder):
    """Yields (variant, what is wrong or nothing)."""
    target, message = compile_steps(tfc_compile, variants, folder)
    if not target and len(variants) > 1:
        half = len(variants) // 2
        yield from run_family(tfc_compile, variants[:half], folder)
        yield from run_family(tfc_compile, variants[half:], folder)
        return
    if not target:
        yield variants[0], message
        return
    with CompiledModel(target, threads=1) as model:
        for variant in variants:
            try:
                variant.check(model)
                yield variant, None
            except (Failure, Unsupported) as error:
                yield variant, str(error)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", nargs="*", metavar="FAMILY", default=FAMILIES, help="families to run (default: all)")
    parser.add_argument("--tfc-compile", type=pathlib.Path,
                        default=shutil.which("tfc-compile") or ROOT / "build/release/bin/tfc-compile",
                        help="default: the one on the PATH, or that of the release build")
    parser.add_argument("--filter", type=re.compile, default=re.compile(""), help="names to run (regular expression)")
    options = parser.parse_args()
    passed = failed = 0
    for family in options.family:
        cases = importlib.import_module(f"cases.{family}").CASES
        variants = [Variant(case, dynamic) for case in cases for dynamic in (False, True)]
        variants = [v for v in variants if options.filter.search(f"{family}.{v.name}")]
        if not variants:
            continue
        with tempfile.TemporaryDirectory() as folder:
            for variant, wrong in run_family(options.tfc_compile, variants, pathlib.Path(folder)):
                passed, failed = passed + (not wrong), failed + bool(wrong)
                if wrong:
                    print(f"FAIL {family}.{variant.name}: {wrong}")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
