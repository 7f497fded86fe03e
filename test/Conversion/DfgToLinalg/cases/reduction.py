"""reduce, arg_reduce, softmax, layer_norm."""

import itertools

import ml_dtypes
import numpy as np

from cases import Cases, numbers

CASES = Cases()
x345 = numbers((3, 4, 5))
KINDS = {"sum": np.sum, "prod": np.prod, "max": np.max, "min": np.min}


def reduce(kind, axes, keep):
    return (f"%y = dfg.reduce {kind} %x {{axes = array<i64: {', '.join(map(str, axes))}>"
            f"{', keep_dims' if keep else ''}}} : ($x) -> $y").replace("<i64: >", "<i64>")


for kind, function in KINDS.items():
    for count in range(4):
        for axes in itertools.combinations(range(3), count):
            for keep in (False, True):
                CASES.add(f"reduce_{kind}_{''.join(map(str, axes))}_{keep}", reduce(kind, axes, keep),
                          np.asarray(function(x345, axis=axes, keepdims=keep)), 1e-5, x=x345)
    for dtype in ("int8", "uint8", "int32", "int64", "uint16"):
        x = numbers((3, 33), dtype, 4, 0 if dtype[0] == "u" else -3, 5)
        CASES.add(f"reduce_{kind}_{dtype}", reduce(kind, [1], False), function(x, axis=1, dtype=dtype) if kind in ("sum", "prod") else function(x, axis=1), x=x)
    for dtype, tolerance in (("float16", 1e-3), ("bfloat16", 8e-3), ("float64", 1e-14)):
        x = numbers((3, 33), getattr(ml_dtypes, dtype, dtype), 4, -1.5, 1.5)
        wide = x.astype(np.float64)
        for axis in (0, 1):
            CASES.add(f"reduce_{kind}_{dtype}_{axis}", reduce(kind, [axis], False), function(wide, axis=axis).astype(x.dtype),
                      tolerance, x=x)
    CASES.add(f"reduce_{kind}_nan", reduce(kind, [1], False), function(np.array([[1, np.nan, 2], [np.inf, 1, -3]]), axis=1),
              x=np.array([[1, np.nan, 2], [np.inf, 1, -3]]))
    identity = {"sum": 0, "prod": 1, "max": -np.inf, "min": np.inf}[kind]
    CASES.add(f"reduce_{kind}_empty", reduce(kind, [1], False), np.full(2, identity, np.float32), x=np.zeros((2, 0), np.float32))
flags = numbers((5, 7), "bool", 3)
flags[1], flags[2] = True, False
CASES.add("reduce_any", reduce("max", [1], False), flags.any(1), x=flags)
CASES.add("reduce_all", reduce("min", [1], False), flags.all(1), x=flags)
CASES.add("reduce_all_empty", reduce("min", [0], False), np.ones(3, bool), x=np.zeros((0, 3), bool))
long = numbers((3, 1037), "float32", 7)
CASES.add("reduce_long", reduce("sum", [1], True), long.astype(np.float64).sum(1, keepdims=True).astype(np.float32), 1e-4, x=long)
CASES.add("reduce_float16_large", reduce("sum", [0], False), np.array(4096, np.float16), x=np.ones(4096, np.float16))
CASES.add("reduce_of_squares", "%s = dfg.mul %x, %x : ($x, $x) -> $x\n    " + reduce("sum", [2], False).replace("%x", "%s"),
          (x345 * x345).sum(2), 1e-5, x=x345)
CASES.add("reduce_of_bf16_casts", "%s = dfg.cast %x : ($x) -> $w\n    %y = dfg.reduce sum %s {axes = array<i64: 1>} : ($w) -> $y",
          numbers((4, 9), ml_dtypes.bfloat16).astype(np.float32).sum(1), 1e-5, x=numbers((4, 9), ml_dtypes.bfloat16),
          w=np.zeros((4, 9), np.float32))


# arg_reduce
def arg(kind, x, axis, keep, last):
    function = np.argmax if kind == "max" else np.argmin
    if last:
        return x.shape[axis] - 1 - function(np.flip(x, axis), axis, keepdims=keep)
    return function(x, axis, keepdims=keep)


specials = np.array([[1, 5, 5, 2], [3, np.nan, 7, np.nan], [-np.inf] * 4, [np.inf, 1, np.inf, 0]], np.float32)
for kind, last, keep in itertools.product(("max", "min"), (False, True), (False, True)):
    flags = f"{', keep_dims' if keep else ''}{', last' if last else ''}"
    for axis in range(2):
        for name, x in (("float", specials), ("int8", numbers((6, 9), "int8", 5)), ("uint8", numbers((6, 9), "uint8", 5, 250, 256)),
                        ("half", specials.astype(np.float16))):
            CASES.add(f"arg_{kind}_{name}_{axis}_{last}_{keep}",
                      f"%y = dfg.arg_reduce {kind} %x {{axis = {axis} : i64{flags}}} : ($x) -> $y",
                      arg(kind, x, axis, keep, last).astype(np.int32 if keep else np.int64), x=x)


# softmax
def softmax(x, axis):
    wide = x.astype(np.float64)
    e = np.exp(wide - wide.max(axis, keepdims=True))
    return (e / e.sum(axis, keepdims=True)).astype(x.dtype)


for dtype, tolerance in (("float32", 1e-6), ("float64", 1e-14), ("float16", 1e-3), ("bfloat16", 8e-3)):
    for axis in range(3):
        x = numbers((3, 7, 19), getattr(ml_dtypes, dtype, dtype), 6, -20, 20)
        CASES.add(f"softmax_{dtype}_{axis}", f"%y = dfg.softmax %x {{axis = {axis} : i64}} : ($x) -> $y",
                  softmax(x, axis), tolerance, x=x)
CASES.add("softmax_large", "%y = dfg.softmax %x {axis = 0 : i64} : ($x) -> $y",
          softmax(np.array([1e4, 1e4 - 1, -np.inf], np.float32), 0), 1e-6, x=np.array([1e4, 1e4 - 1, -np.inf], np.float32))


# layer_norm
def layer_norm(x, scale, bias, rms, epsilon=1e-3):
    wide = x.astype(np.float64)
    if not rms:
        wide = wide - wide.mean(-1, keepdims=True)
    y = wide / np.sqrt((wide**2).mean(-1, keepdims=True) + epsilon) * scale.astype(np.float64)
    return (y if bias is None else y + bias.astype(np.float64)).astype(x.dtype)


for dtype, tolerance in (("float32", 1e-5), ("float64", 1e-13), ("float16", 2e-3)):
    for rms, biased in itertools.product((False, True), (False, True)):
        x, g, b = (numbers(shape, dtype, i) for i, shape in enumerate([(2, 3, 37), (37,), (37,)]))
        CASES.add(f"layer_norm_{dtype}_{rms}_{biased}",
                  f"%y = dfg.layer_norm %x, %g{', %b' if biased else ''} {{epsilon = 1.0e-3 : f64{', rms' if rms else ''}}} "
                  f": ($x, $g{', $b' if biased else ''}) -> $y",
                  layer_norm(x, g, b if biased else None, rms), tolerance, x=x, g=g, **({"b": b} if biased else {}))
