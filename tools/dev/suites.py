"""Runs every test suite on the release build and adds up what passed and failed.

Each suite's whole output goes to build/release/logs; what failed is shown. The last line
is `N passed, N failed`; the exit status is 0 when nothing failed.
"""

import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"
LOGS = BUILD / "logs"
LIT = "/usr/lib/llvm-22/bin/lit"
JOBS = str(os.cpu_count())
CONFORMANCE = ROOT / "test/Conformance"
# The folders of cases that a runner is given.
SHARED = ROOT.parent / "shared"
FOLDERS = {
    "onnx_backend": [],
    "models": [SHARED / "models"],
    "graphdef": [SHARED / "graphdef" / kind for kind in ("cases", "grad_ops", "tf1_frozen")],
}
# Of each suite's cases that are known to pass, one in so many runs here.
SHARES = {"onnx_backend": 4, "models": 1, "graphdef": 8}


@dataclass
class Result:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list = field(default_factory=list)


def read_junit(path):
    """The results in a JUnit file, as ctest and lit write it."""
    result = Result()
    for case in ElementTree.parse(path).iter("testcase"):
        if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            result.skipped += 1
        elif case.find("failure") is not None or case.find("error") is not None:
            result.failed += 1
            result.failures.append(case.get("name"))
        else:
            result.passed += 1
    return result


def read_last_line(log):
    """The results of a conformance runner, from the last line that it prints."""
    lines = log.read_text(errors="replace").splitlines()
    found = re.fullmatch(r"(\d+) passed, (\d+) failed, (\d+) skipped", lines[-1]) if lines else None
    if not found:
        return None
    failures = [line for line in lines if line.startswith(("FAIL ", "UNSUPPORTED "))]
    return Result(*map(int, found.groups()), failures)


def run(name, command, junit=None):
    """Runs one suite, prints a line about it and what failed."""
    log = LOGS / f"{name}.log"
    if junit:
        junit.unlink(missing_ok=True)
    start = time.monotonic()
    with open(log, "w") as file:
        status = subprocess.run(list(map(str, command)), cwd=ROOT, stdout=file, stderr=subprocess.STDOUT).returncode
    seconds = time.monotonic() - start
    result = read_junit(junit) if junit and junit.exists() else None if junit else read_last_line(log)
    # A suite that breaks, or that ran nothing, is a failure of its own.
    if result is None or (status != 0 and result.failed == 0) or result.passed + result.failed == 0:
        result = result or Result()
        result.failed += 1
        result.failures.append(f"{name} ended with status {status}; its output is in {log}")
        print("".join(log.read_text(errors="replace").splitlines(True)[-30:]))
    skipped = f", {result.skipped} skipped" if result.skipped else ""
    print(f"{name}: {result.passed} passed, {result.failed} failed{skipped} ({seconds:.0f} s)", flush=True)
    for failure in result.failures[:50]:
        print(f"  {failure}")
    return result


def known_to_pass(suite):
    """A file with a fixed share of the cases that test/Conformance/passing lists."""
    cases = sorted((CONFORMANCE / f"passing/{suite}.txt").read_text().split())
    share = LOGS / f"{suite}.cases"
    share.write_text("".join(f"{case}\n" for case in cases[::SHARES[suite]]))
    return share


def main():
    LOGS.mkdir(parents=True, exist_ok=True)
    results = []
    ctest, lit = LOGS / "ctest.xml", LOGS / "lit.xml"
    results.append(run("ctest", ["ctest", "--test-dir", BUILD, "-j", JOBS, "--output-on-failure", "--output-junit",
                                 ctest], ctest))
    results.append(run("lit", [LIT, "-v", "-j", JOBS, "--xunit-xml-output", lit, BUILD / "test"], lit))
    for suite, arguments in FOLDERS.items():
        if not (CONFORMANCE / f"passing/{suite}.txt").exists() or not all(path.exists() for path in arguments):
            print(f"{suite}: not here, left out")
            continue
        results.append(run(suite, [sys.executable, CONFORMANCE / f"{suite}.py", *arguments, "--jobs", JOBS, "--cases",
                                   known_to_pass(suite)]))
    passed, failed = sum(r.passed for r in results), sum(r.failed for r in results)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
