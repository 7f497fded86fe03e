# The lit suites: one file per pass and per group of ops, in folders that mirror the
# sources. RUN lines find tfc's tools, FileCheck, not, count and split-file on the PATH,
# and these substitutions:
#   %cc        C compiler that links tfc's objects
#   %include   include/ of tfc-rt
#   %tfc_rt    the runtime archive and what it links
#   %python    interpreter with numpy (feature `numpy`) and onnx (feature `onnx`)
import os
import shutil
import subprocess

import lit.formats

config.name = "tfc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "Conformance", "application"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.tfc_binary_dir, "test")

config.environment["PATH"] = os.pathsep.join(
    [config.tfc_tools_dir, config.llvm_tools_dir, config.environment["PATH"]])
# Sanitizers read their options from the environment, which lit otherwise clears.
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

config.substitutions += [
    ("%cc", config.cc),
    ("%include", os.path.join(config.tfc_source_dir, "include")),
    ("%tfc_rt", config.tfc_rt + " -lm -pthread"),
    ("%python", config.python),
    # Debian's MLIR has no assertions: verify behind every pass instead.
    (r"(?<![\w/.-])tfc-compile(?![\w.-])", "tfc-compile --verify-each"),
]

if config.sanitizers:
    config.available_features.add("sanitize")
if config.has_numpy:
    config.available_features.add("numpy")
if config.has_onnx:
    config.available_features.add("onnx")
# A debugger that may trace programs, which some containers forbid.
if gdb := shutil.which("gdb"):
    traced = subprocess.run([gdb, "-nx", "-batch", "-ex", "run", "/bin/true"], capture_output=True, text=True)
    if "exited normally" in traced.stdout:
        config.available_features.add("gdb")
try:
    for end in os.openpty():
        os.close(end)
    config.available_features.add("terminal")
except OSError:  # a root without /dev/pts
    pass
