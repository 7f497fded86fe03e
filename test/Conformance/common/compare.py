"""When two results agree: type, shape, then |got - want| <= atol + rtol * |want|."""

import numpy as np

from .abi import strings
from .outcome import Failure, Unsupported

# bfloat16 keeps 8 bits, so the ONNX suite allows two units in the last place.
BFLOAT16_RTOL = 2.0**-6


def widen(array):
    """ml_dtypes' types do not promote with Python floats, so they are compared in
    float32, which holds each of their values exactly."""
    return array if array.dtype.isbuiltin == 1 else array.astype(np.float32)


def check_equal(name, want, got, rtol, atol):
    """Raises Failure, naming the output and its largest errors, where `got` is not
    what `want` asks for; Unsupported for kinds of value that have no rule yet."""
    if want is None or isinstance(want, list):
        return check_equal_values(name, want, got, rtol, atol)
    if not isinstance(want, np.ndarray):
        raise Unsupported(f"output '{name}': runner cannot compare a {type(want).__name__}")
    if not isinstance(got, np.ndarray):
        raise Failure(f"output '{name}' is a {type(got).__name__}, expected an array")
    if got.shape != want.shape:
        raise Failure(f"output '{name}' has shape {got.shape}, expected {want.shape}")
    if want.dtype.kind in "OSU":
        return check_equal_strings(name, want, got)
    if got.dtype != want.dtype:
        raise Failure(f"output '{name}' has type {got.dtype}, expected {want.dtype}")
    if want.dtype.name == "bfloat16":
        rtol = max(rtol, BFLOAT16_RTOL)
    want, got = widen(want), widen(got)
    close = np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    if close.all():
        return
    raise Failure(f"output '{name}' differs in {close.size - np.count_nonzero(close)} of {close.size} "
                  f"elements, {worst(want, got, close)}")


def check_equal_strings(name, want, got):
    """The same for arrays of one shape that hold text or bytes, which must be equal."""
    if got.dtype.kind not in "OSU":
        raise Failure(f"output '{name}' has type {got.dtype}, expected strings")
    # NULs at the end may be what fills elements of a fixed length.
    want, got = ([text.rstrip(b"\0") for text in strings(array)] for array in (want, got))
    different = [i for i, pair in enumerate(zip(want, got)) if pair[0] != pair[1]]
    if different:
        first = different[0]
        raise Failure(f"output '{name}' differs in {len(different)} of {len(want)} strings, first at {first}: "
                      f"{got[first]} instead of {want[first]}")


def check_equal_values(name, want, got, rtol, atol):
    """The same for lists, element by element, and for optionals without a value."""
    if type(got) is not type(want):
        raise Failure(f"output '{name}' is a {type(got).__name__}, expected a {type(want).__name__}")
    if want is None:
        return
    if len(got) != len(want):
        raise Failure(f"output '{name}' has {len(got)} elements, expected {len(want)}")
    for i, pair in enumerate(zip(want, got)):
        check_equal(f"{name}[{i}]", *pair, rtol, atol)


def worst(want, got, close):
    """The first differing element and the largest errors, in words."""
    first = tuple(int(i) for i in np.argwhere(~close)[0]) if close.ndim else ()
    text = f"first at {first}: {got[first]} instead of {want[first]}"
    wide = np.complex128 if want.dtype.kind == "c" else np.float64
    with np.errstate(all="ignore"):
        difference = np.abs(got.astype(wide) - want.astype(wide))
        relative = difference / np.abs(want.astype(wide))
    finite = np.isfinite(difference) & ~close
    if finite.any():
        text += f"; largest error {difference[finite].max():.3g} absolute"
        finite &= np.isfinite(relative)
        if finite.any():
            text += f", {relative[finite].max():.3g} relative"
    return text
