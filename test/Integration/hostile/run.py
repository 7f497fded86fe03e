"""Compiles every model of models.py and checks how that ends: run.py TFC_COMPILE [FILTER]

Each must end within 2 s of processor time and 1 GB, without a signal, and leave no file behind unless it
succeeds. Failures are errors on stderr with exit status 1 or 3. The last line is `N passed, N failed`.
"""
import os
import re
import resource
import subprocess
import sys
import tempfile

import models

SECONDS, BYTES, FILE_BYTES = 2.0, 1 << 30, 1 << 30


def limit():
    # What is far beyond the bounds must not take the machine with it.
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def problem(compiler, folder, data, expected):
    """What is wrong with how one compilation ends; an empty text if nothing is."""
    source, output = os.path.join(folder, "m", "model.onnx"), os.path.join(folder, "out", "model.o")
    with open(source, "wb") as file:
        file.write(data)
    with open(os.path.join(folder, "log"), "w+b") as log:
        process = subprocess.Popen([compiler, source, "-o", output], stdout=log, stderr=log, preexec_fn=limit)
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
    if process.returncode and not message.startswith("error: "):
        wrong.append("no error")
    if process.returncode and left:
        wrong.append(f"left {left}")
    if process.returncode == 0 and expected is not None:
        wrong.append("compiled")
    if expected and expected not in message:
        wrong.append(f"no '{expected}'")
    if seconds > SECONDS:
        wrong.append(f"took {seconds:.1f} s")
    if size > BYTES:
        wrong.append(f"took {size >> 20} MB")
    return f"{', '.join(wrong)}: {message.strip()[:300]}" if wrong else ""


def main():
    compiler, pattern = os.path.abspath(sys.argv[1]), re.compile(sys.argv[2] if len(sys.argv) > 2 else "")
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for sub in ("m", "out"):
            os.mkdir(os.path.join(folder, sub))
        models.write_files(os.path.join(folder, "m"))
        for name, (data, expected) in models.MODELS.items():
            if not pattern.search(name):
                continue
            found = problem(compiler, folder, data, expected)
            passed, failed = passed + (not found), failed + bool(found)
            if found:
                print(f"{name}: {found}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
