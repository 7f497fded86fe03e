"""The command line that all runners share, the loop over cases, and the report."""

import argparse
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from .pool import run_isolated

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Case:
    """`run(workdir, stage)` returns for a pass and raises otherwise; see run_isolated."""

    name: str
    run: Callable


def argument_parser(description, timeout):
    parser = argparse.ArgumentParser(description=description,
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--tfc-compile", type=Path, default=ROOT / "build/release/bin/tfc-compile",
                        metavar="PATH", help="the compiler under test")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="cases at a time")
    parser.add_argument("--filter", type=re.compile, metavar="REGEX", default=re.compile(""),
                        help="run only cases whose name it matches somewhere")
    parser.add_argument("--cases", type=read_names, metavar="FILE",
                        help="run only the cases that the file names, one a line; all of them must exist")
    parser.add_argument("--timeout", type=float, default=timeout, metavar="S", help="seconds for one case")
    parser.add_argument("--report", type=Path, metavar="FILE.tsv",
                        help="write case, pass|fail|unsupported and reason")
    parser.add_argument("--keep", type=Path, metavar="DIR",
                        help="keep what each case compiles, in a folder of its name")
    parser.add_argument("--quiet", action="store_true", help="print the totals only")
    return parser


def read_names(path):
    return set(Path(path).read_text(encoding="utf-8").split())


def run_suite(cases, args):
    """Runs the cases that match --filter, prints and writes what came of them, and
    returns the exit status: 0 when nothing failed."""
    args.tfc_compile = args.tfc_compile.resolve()
    if not os.access(args.tfc_compile, os.X_OK):
        sys.exit(f"error: no compiler at {args.tfc_compile}; build it or pass --tfc-compile")
    if args.cases is not None:
        missing = args.cases - {case.name for case in cases}
        if missing:
            sys.exit(f"error: no case is named {sorted(missing)[0]}")
        cases = [case for case in cases if case.name in args.cases]
    cases = [case for case in cases if args.filter.search(case.name)]
    outcomes = [None] * len(cases)
    for done, (index, outcome) in enumerate(run_isolated(cases, max(1, args.jobs), args.timeout, args.keep), 1):
        outcomes[index] = outcome
        if not args.quiet and outcome.status != "pass":
            print(f"{outcome.status.upper()} {cases[index].name}: {outcome.reason}")
        if sys.stderr.isatty():
            print(f"\r{done}/{len(cases)}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)
    if args.report:
        write_report(args.report, cases, outcomes)
    count = {status: sum(o.status == status for o in outcomes) for status in ("pass", "fail", "unsupported", "skip")}
    failed = count["fail"] + count["unsupported"]
    print(f"of the failed, {count['unsupported']} are unsupported")
    print(f"{count['pass']} passed, {failed} failed, {count['skip']} skipped")
    return 1 if failed else 0


def write_report(path, cases, outcomes):
    """Skipped cases have no line: nothing was learned about them."""
    with open(path, "w", encoding="utf-8") as file:
        for case, outcome in zip(cases, outcomes):
            if outcome.status != "skip":
                file.write(f"{case.name}\t{outcome.status}\t{outcome.reason}\n")
