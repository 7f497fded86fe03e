#!/usr/bin/env python3
"""How little it takes: sizes of objects, start of a program, memory, time to compile.

Prints one line for each figure with its limit, and fails if one is over. Needs numpy and
onnx; IREE's peak memory is measured too where its tools are installed.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import models

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """
#include <stdio.h>
#include <string.h>
#include "{name}.h"
static float x[{elements}];
int main(void) {{
  tfc_instance_t *instance;
  tfc_context_t *context;
  if ({name}_open(0, &instance) || {name}_context_create(instance, &context))
    return 1;
  {name}_main_in_t in = {{{name}_main_input_x(x)}};
  {name}_main_out_t out = {{{{0}}}};
  if ({name}_main(context, &in, &out))
    return 2;
  /* ru_maxrss would count what the parent had when it forked. */
  char line[256];
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof(line), status))
    if (strncmp(line, "VmHWM:", 6) == 0)
      fputs(line + 6, stdout);
  return 0;
}}
"""


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--tfc-compile", type=Path, default=ROOT / "build/release/bin/tfc-compile", metavar="PATH")
    parser.add_argument("--runtime", type=Path, default=ROOT / "build/release/lib/libtfc-rt.a", metavar="PATH")
    parser.add_argument("--iree", type=Path, default=ROOT / "build/peers/iree/bin", metavar="DIR")
    parser.add_argument("--work", type=Path, default=ROOT / "build/benchmarks", metavar="DIR")
    return parser.parse_args()


class Table:
    def __init__(self):
        self.failed = 0

    def row(self, what, value, unit, limit=None):
        over = limit is not None and value > limit
        self.failed += over
        bound = "" if limit is None else f"<= {limit:g}"
        print(f"{what:58} {value:10.2f} {unit:3} {bound:10} {'OVER' if over else ''}", flush=True)


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def compile_model(args, path, name):
    """Seconds of CPU time, and the manifest. The object lies beside the model."""
    before = os.times()
    run(args.tfc_compile, path, "-o", path.with_name(f"{name}.o"))
    after = os.times()
    seconds = after.children_user - before.children_user + after.children_system - before.children_system
    return seconds, json.loads(path.with_name(f"{name}.json").read_text())


def link(args, path, name, *flags):
    source = path.with_name(f"{name}_start.c")
    source.write_text(PROGRAM.format(name=name, elements=int(np.prod(models.MODELS[name].input))))
    program = source.with_suffix("")
    run("cc", "-O2", f"-I{ROOT}/include", f"-I{path.parent}", source, path.with_name(f"{name}.o"), args.runtime, "-lm",
        "-pthread", "-o", program, *flags)
    return program


def lean_size(args, path, name):
    """Bytes of the object's sections but for the weights, and of the members that it links."""
    trace = path.with_name(f"{name}.map")
    link(args, path, name, f"-Wl,-Map={trace}")
    members = set(re.findall(r"libtfc-rt\.a\((\S+?)\)", trace.read_text()))
    copies = path.with_name(f"{name}.members")
    copies.mkdir(exist_ok=True)
    for member in members:
        (copies / member).write_bytes(subprocess.run(["ar", "p", args.runtime, member], check=True,
                                                     capture_output=True).stdout)

    def sections(file):
        # text, data, bss, ...
        return sum(int(number) for number in run("size", file).splitlines()[1].split()[:3])

    weights = path.with_name(f"{name}.weights")
    bare = path.with_name(f"{name}_bare.o")
    run(args.tfc_compile, path, "-o", bare, f"--weights={weights}")
    return sections(bare), sum(sections(copies / member) for member in members)


def start_milliseconds(program, count=21):
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        run(program)
        times.append(1e3 * (time.perf_counter() - begin))
    return statistics.median(times)


def iree_peak_megabytes(args, path):
    """Peak memory of iree-run-module on the model, or None."""
    if not (args.iree / "iree-run-module").exists():
        return None
    mlir, module = path.with_suffix(".iree.mlir"), path.with_suffix(".vmfb")
    if not module.exists():
        run(args.iree / "iree-import-onnx", path, "-o", mlir)
        run(args.iree / "iree-compile", mlir, "--iree-hal-target-device=local",
            "--iree-hal-local-target-device-backends=llvm-cpu", "--iree-llvmcpu-target-cpu=x86-64-v3", "-o", module)
    shape = "x".join(str(extent) for extent in models.MODELS[path.stem].input)
    code = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    return int(run(sys.executable, "-c", code, args.iree / "iree-run-module", f"--module={module}", "--device=local-sync",
                   f"--input={shape}xf32=0.5")) / 1024


def chain(folder, name, ops, count=6000):
    """A chain of nodes; matrix products have weights of their own."""
    nodes, value = [], "x"
    weights = [numpy_helper.from_array(np.full(64, 0.5, np.float32), "bias")]
    for i in range(count):
        op, inputs = ops[i % len(ops)], [value]
        if op == "MatMul":
            weights.append(numpy_helper.from_array(np.full((64, 64), 1 / (64 + i), np.float32), f"w{i}"))
            inputs.append(f"w{i}")
        elif op == "Add":
            inputs.append("bias")
        value = f"t{i}"
        nodes.append(helper.make_node(op, inputs, [value], name=f"node_{i}"))
    info = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, name, [info("x", TensorProto.FLOAT, ["n", 64])],
                              [info(value, TensorProto.FLOAT, ["n", 64])], weights)
    path = folder / f"{name}.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def main():
    args = parse_arguments()
    args.work.mkdir(parents=True, exist_ok=True)
    table = Table()

    path = models.write("mlp_b1", args.work)
    compile_model(args, path, "mlp_b1")
    code, members = lean_size(args, path, "mlp_b1")
    table.row("mlp_b1: object without weights", code / 1e3, "KB")
    table.row("mlp_b1: with the members of libtfc-rt.a that it links", (code + members) / 1e3, "KB", 150)
    table.row("mlp_b1: process start to first result", start_milliseconds(link(args, path, "mlp_b1")), "ms", 20)

    path = models.write("resnet18", args.work)
    seconds, _ = compile_model(args, path, "resnet18")
    table.row("resnet18: tfc-compile", seconds, "s", 10)
    table.row("resnet18: peak memory of a C program", int(run(link(args, path, "resnet18")).split()[0]) / 1024, "MB",
              iree_peak_megabytes(args, path))

    for name, ops in ("chain_pointwise", ["Add", "Relu", "Sigmoid"]), ("chain_products", ["MatMul", "Add", "Relu"]):
        table.row(f"{name}: tfc-compile, 6000 nodes", compile_model(args, chain(args.work, name, ops), name)[0], "s", 10)

    for name in ("resnet18", "mobilenetv2", "encoder", "cnn_b1", "lstm"):
        path = models.write(name, args.work)
        manifest = compile_model(args, path, name)[1]
        step = manifest["steps"][0]
        if step["live_bytes"]:
            table.row(f"{name}: arena / most live bytes", step["arena_size"] / step["live_bytes"], "", 1.2)
        table.row(f"{name}: kernels of {step['dispatches']} dispatches", manifest["kernels"], "")
    return table.failed


if __name__ == "__main__":
    sys.exit(main())
