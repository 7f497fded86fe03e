#!/usr/bin/env python3
"""Build the program check-math in a folder: build-math.py FOLDER

For every math op F and each CPU two kernels over 4096 floats are compiled: F_loop_CPU applies
it to one scalar after the other, F_vector_CPU to vectors. Wants tfc-opt and LLVM's tools in
PATH; leaves the objects math-v3.o and math-v4.o beside the program.
"""
import pathlib
import subprocess
import sys

UNARY = """exp exp2 expm1 log log2 log10 log1p sinh cosh tanh asinh acosh atanh erf erfc
sin cos tan asin acos atan cbrt rsqrt""".split()
BINARY = ["powf", "atan2"]
# Powers with a constant exponent, which have expansions of their own.
POWERS = {"pow_half": 0.5, "pow_square": 2.0, "pow_cube": 3.0, "pow_inverse": -1.0}
LANES = {"v3": 8, "v4": 16}

PIPELINE = """--tfc-expand-math --cse --convert-vector-to-llvm --convert-scf-to-cf --convert-math-to-llvm
--convert-arith-to-llvm --finalize-memref-to-llvm --convert-func-to-llvm=use-bare-ptr-memref-call-conv=1
--convert-cf-to-llvm --reconcile-unrealized-casts""".split()

FUNCTION = """
func.func @{name}_{kind}_{cpu}({arguments}, %out: memref<4096xf32> {{llvm.noalias}}) {{
  %begin = arith.constant 0 : index
  %end = arith.constant 4096 : index
  %step = arith.constant {step} : index
  %exponent = arith.constant {exponent} : {type}
  scf.for %i = %begin to %end step %step {{
{loads}
    %r = math.{op} {operands} : {type}
    {dialect}.store %r, %out[%i] : memref<4096xf32>{access}
  }}
  return
}}"""


def kernel(name, inputs, kind, cpu):
    vector = kind == "vector"
    lanes = LANES[cpu]
    element = f"vector<{lanes}xf32>" if vector else "f32"
    access = f", {element}" if vector else ""
    dialect = "vector" if vector else "memref"
    operands = [f"%{c}i" for c in inputs]
    exponent = POWERS.get(name, 0.0)
    if name in POWERS:
        operands.append("%exponent")
    return FUNCTION.format(
        name=name, op="powf" if name in POWERS else name, kind=kind, cpu=cpu, type=element,
        exponent=f"dense<{exponent}>" if vector else exponent, access=access, dialect=dialect, step=lanes if vector else 1,
        arguments=", ".join(f"%{c}: memref<4096xf32> {{llvm.noalias}}" for c in inputs),
        loads="\n".join(f"    %{c}i = {dialect}.load %{c}[%i] : memref<4096xf32>{access}" for c in inputs),
        operands=", ".join(operands))


def module(cpu):
    ops = [(name, "x") for name in [*UNARY, *POWERS]] + [(name, "xy") for name in BINARY]
    return "".join(kernel(name, inputs, kind, cpu) for kind in ("loop", "vector") for name, inputs in ops)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    objects = []
    for cpu in LANES:
        lowered = subprocess.run(["tfc-opt", *PIPELINE], input=module(cpu).encode(), stdout=subprocess.PIPE, check=True)
        ir = folder / f"math-{cpu}.ll"
        ir.write_bytes(subprocess.run(["mlir-translate", "--mlir-to-llvmir"], input=lowered.stdout,
                                      stdout=subprocess.PIPE, check=True).stdout)
        objects.append(folder / f"math-{cpu}.o")
        subprocess.run(["clang", "-O2", f"-march=x86-64-{cpu}", "-Wno-override-module", "-c", ir, "-o", objects[-1]],
                       check=True)
    source = pathlib.Path(__file__).with_name("check-math.cpp")
    subprocess.run(["clang++", "-O2", "-std=c++17", source, *objects, "-o", folder / "check-math"], check=True)


if __name__ == "__main__":
    main()
