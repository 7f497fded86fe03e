"""Starts workers and takes samples from them in turn.

All workers of a row live at the same time and each round asks every one for a sample,
in a rotating order, so that slow drifts of the machine meet all alike. A sample counts
as undisturbed when the process had the core for nearly all of its time.
"""

import importlib
import importlib.util
import json
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

WORKER = Path(__file__).resolve().with_name("worker.py")
UNDISTURBED = 0.97  # least share of CPU time in wall time
# A variant this much slower than its peer's best after a few rounds is given up.
HOPELESS, JUDGED_AFTER = 1.5, 4


@dataclass
class Settings:
    threads: int
    cores: list
    samples: int  # undisturbed ones that every cell shall have
    cap: float  # seconds for one row
    milliseconds: float  # for one sample
    start_timeout: float
    target_cpu: str
    artifacts: Path
    peers_folder: Path
    tfc_compile: Path


@dataclass
class Cell:
    """What one variant of a peer took for one model; times in nanoseconds a run."""

    peer: str
    variant: str
    failure: str = ""
    error: float = 0.0  # of outputs, relative to the largest reference value
    samples: list = field(default_factory=list)  # (wall, CPU)

    @property
    def undisturbed(self):
        return [wall for wall, cpu in self.samples if cpu >= UNDISTURBED * wall]

    def median(self):
        """Of undisturbed samples; of CPU times where nearly all were disturbed."""
        times = sorted(self.undisturbed)
        if len(times) < 5:
            times = sorted(cpu for _, cpu in self.samples)
        return times[len(times) // 2] if times else float("nan")


class WorkerFailure(Exception):
    """The worker says why, died, or fell silent."""


class Worker:
    """A process that runs one variant of a peer on one model."""

    def __init__(self, python, peer, variant, model, settings):
        log = settings.artifacts / "logs" / f"{model.stem}.{peer}{'-' if variant else ''}{variant}.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        command = [python, WORKER, peer, variant, model, "--artifacts", settings.artifacts, "--threads",
                   settings.threads, "--cores", ",".join(map(str, settings.cores)), "--tfc-compile",
                   settings.tfc_compile, "--target-cpu", settings.target_cpu]
        threads = {name: str(settings.threads)
                   for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
        with open(log, "w", encoding="utf-8") as errors:
            self._process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE,
                                             stdout=subprocess.PIPE, stderr=errors, text=True,
                                             env={**os.environ, **threads, "OMP_WAIT_POLICY": "PASSIVE"})
        self._log = log
        answer = self._read(settings.start_timeout)
        if "failure" in answer:
            self.stop()
            raise WorkerFailure(answer["failure"])
        self.error = answer["error"]

    def ask(self, question, timeout=300):
        try:
            self._process.stdin.write(f"{question}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # reading tells why
        return self._read(timeout)

    def _read(self, timeout):
        ready, _, _ = select.select([self._process.stdout], [], [], timeout)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            self.stop()
            raise WorkerFailure(f"{'died' if ready else 'no answer'}; see {self._log}")
        return json.loads(line)

    def stop(self):
        """Ends the process; harmless when it has ended."""
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()


def find_python(peer, settings):
    """The interpreter of the peer's environment, or this one where it has the package;
    None for a peer that is not installed."""
    adapter = importlib.import_module(f"peers.{peer}")
    own = settings.peers_folder / getattr(adapter, "ENVIRONMENT", peer) / "bin" / "python"
    if own.exists():
        return own
    package = adapter.REQUIRES
    try:
        return sys.executable if importlib.util.find_spec(package) else None
    except ModuleNotFoundError:  # the parent of a dotted name
        return None


def measure_row(model, contenders, settings, say):
    """Cells of one model. `contenders` are (peer, variant, python); `say(text)` reports
    progress."""
    cells, workers = [], {}
    try:
        for peer, variant, python in contenders:
            cell = Cell(peer, variant)
            cells.append(cell)
            say(f"{model.stem}: starting {peer} {variant}")
            try:
                worker = Worker(python, peer, variant, model, settings)
            except WorkerFailure as failure:
                cell.failure = str(failure)
                continue
            cell.error = worker.error
            workers[len(cells) - 1] = worker
        _take_samples(model, cells, workers, settings, say)
        for index, worker in workers.items():
            _attempt(cells[index], lambda: worker.ask("check"), lambda error, c=cells[index]: setattr(
                c, "error", max(c.error, error)))
    finally:
        for worker in workers.values():
            worker.stop()
    return cells


def _attempt(cell, question, use):
    try:
        use(question())
    except WorkerFailure as failure:
        cell.failure = str(failure)


def _take_samples(model, cells, workers, settings, say):
    deadline = time.monotonic() + settings.cap
    order, turn = list(workers), 0
    while True:
        lacking = [i for i in order if not cells[i].failure and len(cells[i].undisturbed) < settings.samples]
        if not lacking or time.monotonic() > deadline:
            return
        say(f"{model.stem}: round {turn}, {len(lacking)} of {len(order)} cells lack samples")
        start = turn % len(lacking)
        for i in lacking[start:] + lacking[:start]:
            # The first answer of each is its warm-up.
            _attempt(cells[i], lambda: workers[i].ask(settings.milliseconds),
                     cells[i].samples.extend if turn else lambda _: None)
        turn += 1
        if turn == JUDGED_AFTER:
            order = [i for i in order if not _is_hopeless(cells[i], cells)]


def _is_hopeless(cell, cells):
    medians = [c.median() for c in cells if c.peer == cell.peer and c.samples]
    return bool(medians) and cell.median() > HOPELESS * min(medians)
