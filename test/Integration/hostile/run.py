"""Compiles every model of models.py or graph of graphs.py and checks how that ends:
run.py [--sanitized] TFC_COMPILE models|graphs [FILTER]

Each must end within 2 s of processor time and 1 GB, without a signal, and leave no file behind unless it
succeeds. Failures are errors on stderr with exit status 1 or 3. A sanitized compiler may take longer and
more, but must not report anything. The last line is `N passed, N failed`.
"""
import argparse
import importlib
import os
import re
import resource
import subprocess
import sys
import tempfile

SECONDS, BYTES, FILE_BYTES = 2.0, 1 << 30, 1 << 30
SANITIZED_SECONDS, SANITIZED_BYTES = 60.0, 4 << 30


def limit(sanitized):
    # What is far beyond the bounds must not take the machine with it; sanitizers reserve terabytes.
    if not sanitized:
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (90, 90) if sanitized else (20, 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def problem(compiler, sanitized, folder, source, options, expected):
    """What is wrong with how one compilation ends; an empty text if nothing is."""
    output = os.path.join(folder, "out", "model.o")
    with open(os.path.join(folder, "log"), "w+b") as log:
        process = subprocess.Popen([compiler, source, "-o", output, *options], stdout=log, stderr=log,
                                   preexec_fn=lambda: limit(sanitized))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        message = log.read().decode(errors="replace")
    left = os.listdir(os.path.dirname(output))
    for name in left:
        os.remove(os.path.join(os.path.dirname(output), name))
    seconds, size = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
    wrong = []
    if process.returncode not in (0, 1, 3):
        wrong.append(f"ended with status {process.returncode}")
    if "Sanitizer" in message or "runtime error" in message:
        wrong.append("a sanitizer's report")
    if process.returncode and not message.startswith("error: "):
        wrong.append("no error")
    if process.returncode and left:
        wrong.append(f"left {left}")
    if process.returncode == 0 and expected is not None:
        wrong.append("compiled")
    if expected and expected not in message:
        wrong.append(f"no '{expected}'")
    if seconds > (SANITIZED_SECONDS if sanitized else SECONDS):
        wrong.append(f"took {seconds:.1f} s")
    if size > (SANITIZED_BYTES if sanitized else BYTES):
        wrong.append(f"took {size >> 20} MB")
    return f"{', '.join(wrong)}: {message.strip()[:300]}" if wrong else ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sanitized", action="store_true", help="the compiler is built with sanitizers")
    parser.add_argument("compiler")
    parser.add_argument("kind", choices=("models", "graphs"))
    parser.add_argument("filter", nargs="?", default="", help="regular expression on names")
    arguments = parser.parse_args()
    compiler, pattern = os.path.abspath(arguments.compiler), re.compile(arguments.filter)
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "out"))
        cases = importlib.import_module(arguments.kind)
        for name, (expected, options) in cases.CASES.items():
            if not pattern.search(name):
                continue
            source = cases.write(name, os.path.join(folder, "m"))
            found = problem(compiler, arguments.sanitized, folder, source, options, expected)
            passed, failed = passed + (not found), failed + bool(found)
            if found:
                print(f"{name}: {found}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
