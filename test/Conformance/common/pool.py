"""Runs every case in a forked process of its own.

A fork is ready in milliseconds with everything the parent has imported and built,
and what a compiled model corrupts, leaks or blocks dies with its process. The
parent stays single-threaded, so that forking is safe.
"""

import gc
import multiprocessing
import os
import resource
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path

from .outcome import Failure, Outcome, Skipped, Unsupported

_context = multiprocessing.get_context("fork")


@dataclass
class _Running:
    index: int
    process: multiprocessing.Process
    pipe: object
    workdir: Path
    deadline: float
    stage: str = "starting"
    outcome: Outcome = None


def run_isolated(cases, jobs, timeout, keep=None):
    """Yields (index, Outcome) as cases end, at most `jobs` at a time.

    A case has `name` and `run(workdir, stage)`: `workdir` is a fresh folder, removed
    afterwards unless `keep` names the folder to make them in; `stage(text)` says what
    the case is about to do, for the reason of a crash or timeout."""
    gc.collect()
    gc.freeze()  # spares the children copying pages just to mark objects
    waiting = list(enumerate(cases))[::-1]
    running = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                entry = _start(*waiting.pop(), timeout, keep)
                running[entry.pipe] = entry
            now = time.monotonic()
            for pipe in wait(list(running), max(0, min(e.deadline for e in running.values()) - now)):
                _read(running[pipe])
            for entry in list(running.values()):
                if entry.outcome is None and time.monotonic() >= entry.deadline:
                    entry.outcome = Outcome("fail", f"timed out after {timeout:g} s while {entry.stage}")
                if entry.outcome is not None:
                    del running[entry.pipe]
                    _finish(entry, keep)
                    yield entry.index, entry.outcome
    finally:
        for entry in running.values():
            _finish(entry, keep)


def _start(index, case, timeout, keep):
    if keep:
        workdir = Path(keep).resolve() / case.name
        shutil.rmtree(workdir, ignore_errors=True)
        workdir.mkdir(parents=True)
    else:
        workdir = Path(tempfile.mkdtemp(prefix="tfc-case-"))
    receive, send = _context.Pipe(duplex=False)
    process = _context.Process(target=_child, args=(case, workdir, send), daemon=True)
    process.start()
    send.close()
    return _Running(index, process, receive, workdir, time.monotonic() + timeout)


def _child(case, workdir, pipe):
    os.setsid()  # one signal then reaches the compiler it started, too
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    log = os.open(workdir / "stderr.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        case.run(workdir, lambda stage: pipe.send(stage))
        outcome = Outcome("pass")
    except Unsupported as error:
        outcome = Outcome("unsupported", _line(error))
    except Skipped as error:
        outcome = Outcome("skip", _line(error))
    except Failure as error:
        outcome = Outcome("fail", _line(error))
    except Exception as error:  # a case must never end the suite
        outcome = Outcome("fail", _line(f"{type(error).__name__}: {error}"))
    pipe.send(outcome)
    pipe.close()
    os._exit(0)  # no interpreter shutdown: a half-broken heap must not change the outcome


def _read(entry):
    try:
        message = entry.pipe.recv()
    except EOFError:
        entry.process.join()
        entry.outcome = Outcome("fail", f"{_death(entry.process.exitcode)} while {entry.stage}{_last_words(entry)}")
        return
    if isinstance(message, Outcome):
        entry.outcome = message
    else:
        entry.stage = message


def _finish(entry, keep):
    try:
        os.killpg(entry.process.pid, signal.SIGKILL)
    except ProcessLookupError:
        entry.process.kill()  # it had not come to setsid yet, or is gone
    entry.process.join()
    entry.pipe.close()
    if not keep:
        shutil.rmtree(entry.workdir, ignore_errors=True)


def _death(code):
    return f"crashed with {signal.Signals(-code).name}" if code and code < 0 else f"exited with {code}"


def _last_words(entry):
    try:
        lines = (entry.workdir / "stderr.txt").read_text(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return f": {_line(lines[-1])}" if lines else ""


def _line(text):
    return " ".join(str(text).split())
