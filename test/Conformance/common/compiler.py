"""Calls tfc-compile as a user would."""

import signal
import subprocess

from .outcome import Failure, Unsupported

EXIT_UNSUPPORTED = 3


def compile_model(tfc_compile, model, workdir, flags=()):
    """Compiles `model` to a shared object in `workdir` and returns its path.

    Raises Unsupported where the compiler says so (exit code 3), Failure for every
    other way of not succeeding."""
    target = workdir / "model.so"
    run = subprocess.run([str(tfc_compile), str(model), "-o", str(target), *flags],
                         stdin=subprocess.DEVNULL, capture_output=True, cwd=workdir, check=False)
    if run.returncode == 0:
        if not target.exists():
            raise Failure("tfc-compile ended with 0 and wrote no object")
        return target
    lines = run.stderr.decode(errors="replace").splitlines()
    if run.returncode < 0:
        name = signal.Signals(-run.returncode).name
        raise Failure(f"tfc-compile crashed with {name}: {_first_error(lines, 'error', 'Assertion')}")
    if run.returncode == EXIT_UNSUPPORTED:
        raise Unsupported(_first_error(lines, "unsupported", "error"))
    raise Failure(f"tfc-compile ended with {run.returncode}: {_first_error(lines, 'error')}")


def _first_error(lines, *words):
    """The first line that holds one of the words, earlier words first."""
    for word in words:
        for line in lines:
            if word in line:
                return line.strip()
    return lines[-1].strip() if lines else "no message"
