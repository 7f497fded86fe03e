"""gather, gather_elements, gather_nd, scatter_elements, scatter_nd, resample, cumulative."""

import ml_dtypes
import numpy as np

from cases import Cases, numbers

CASES = Cases()
x345 = numbers((3, 4, 5))

# gather: negative indices wrap, those out of range are clamped
for axis in range(3):
    indices = np.array([[0, -1], [x345.shape[axis] - 1, 1]])
    CASES.add(f"gather_{axis}", f"%y = dfg.gather %x, %i {{axis = {axis} : i64}} : ($x, $i) -> $y",
              np.take(x345, indices, axis), x=x345, i=indices)
GATHER = "%y = dfg.gather %x, %i {axis = 0 : i64} : ($x, $i) -> $y"
CASES.add("gather_scalar", GATHER, x345[1].copy(), x=x345, i=np.array(1, np.int32))
CASES.add("gather_uint8", GATHER, x345[[2, 0]].copy(), x=x345, i=np.array([2, 0], np.uint8))
CASES.add("gather_far", GATHER, np.array([4, 0, 4, 0], np.int16), x=np.arange(5, dtype=np.int16),
          i=np.array([9, -99, 2**62, -2**62]))
CASES.add("gather_none", GATHER, np.zeros((0, 5), np.float32), x=x345[:, 0].copy(), i=np.zeros(0, np.int64))
CASES.add("gather_from_empty", GATHER, np.zeros(2, np.float32), x=np.zeros(0, np.float32), i=np.array([0, 1]))
for dtype in ("float16", "float8_e5m2", "bool", "int4"):
    x = numbers((5, 2), getattr(ml_dtypes, dtype, dtype))
    CASES.add(f"gather_{dtype}", GATHER, x[[4, 1, 1]].copy(), x=x, i=np.array([4, 1, 1]))

# gather_elements
for axis in range(3):
    indices = numbers((3, 2, 5) if axis == 1 else (2, 4, 5) if axis == 0 else (3, 4, 7), "int64", 3, -3, 3)
    CASES.add(f"gather_elements_{axis}",
              f"%y = dfg.gather_elements %x, %i {{axis = {axis} : i64}} : ($x, $i) -> $y",
              np.take_along_axis(x345[tuple(slice(n) if d != axis else slice(None) for d, n in enumerate(indices.shape))],
                                 indices, axis), x=x345, i=indices)

# gather_nd
GATHER_ND = "%y = dfg.gather_nd %x, %i {batch_dims = $$ : i64} : ($x, $i) -> $y"


def gather_nd(batch):
    return GATHER_ND.replace("$$", str(batch))


tuples = np.array([[0, 1], [2, -1], [-3, 3]])
CASES.add("gather_nd_rows", gather_nd(0), x345[tuples[:, 0], tuples[:, 1]].copy(), fixed=("i",), x=x345, i=tuples)
CASES.add("gather_nd_elements", gather_nd(0), x345[[[1], [2]], [[2], [0]], [[4], [3]]].copy(), fixed=("i",), x=x345,
          i=np.array([[[1, 2, 4]], [[2, 0, 3]]]))
CASES.add("gather_nd_batch", gather_nd(1), np.stack([x345[i, [i, 3]] for i in range(3)]), fixed=("i",), x=x345,
          i=np.array([[[i], [3]] for i in range(3)]))
CASES.add("gather_nd_far", gather_nd(0), np.array([x345[2, 0], x345[0, 3]]), fixed=("i",), x=x345,
          i=np.array([[99, -99], [-99, 99]]))


# scatter_elements
COMBINE = {"none": lambda a, b: b, "sum": np.add, "prod": np.multiply, "max": np.maximum, "min": np.minimum}


def scatter_elements(x, indices, updates, axis, kind):
    y = x.copy()
    for position in np.ndindex(*indices.shape):
        target = list(position)
        target[axis] = indices[position]
        y[tuple(target)] = COMBINE[kind](y[tuple(target)], updates[position])
    return y


for axis in range(3):
    for kind in COMBINE:
        indices = numbers((2, 3, 4), "int64", axis, -3, 3)
        updates = numbers((2, 3, 4), "float32", 9)
        CASES.add(f"scatter_elements_{kind}_{axis}",
                  f"%y = dfg.scatter_elements {kind} %x, %i, %u {{axis = {axis} : i64}} : ($x, $i, $u) -> $y"
                  , scatter_elements(x345, indices, updates, axis, kind), 1e-6,
                  x=x345, i=indices, u=updates)
SCATTER = "%y = dfg.scatter_elements sum %x, %i, %u {axis = 0 : i64} : ($x, $i, $u) -> $y"
CASES.add("scatter_elements_int8", SCATTER, np.array([1, 7, 3], np.int8), x=np.array([1, 2, 3], np.int8),
          i=np.array([1, 1], np.int32), u=np.array([2, 3], np.int8))
CASES.add("scatter_elements_float16", SCATTER, np.array([1, 7, 3], np.float16), x=np.array([1, 2, 3], np.float16),
          i=np.array([1, -2]), u=np.array([2, 3], np.float16))
CASES.add("scatter_elements_far", SCATTER, np.array([6, 2, 9]), x=np.array([1, 2, 3]), i=np.array([77, -77]), u=np.array([6, 5]))
CASES.add("scatter_elements_empty", SCATTER, np.zeros(0), x=np.zeros(0), i=np.array([0, 1]), u=np.array([1.0, 2.0]))


# scatter_nd
def scatter_nd(x, indices, updates, kind):
    y = x.copy()
    for position in np.ndindex(*indices.shape[:-1]):
        target = tuple(indices[position])
        y[target] = COMBINE[kind](y[target], updates[position])
    return y


for kind in COMBINE:
    text = f"%y = dfg.scatter_nd {kind} %x, %i, %u : ($x, $i, $u) -> $y"
    for depth, indices in ((1, [[2], [0], [-1]]), (2, [[0, 1], [2, -1], [0, 1]]), (3, [[0, 1, 2], [2, 3, 4], [0, 1, 2]])):
        indices = np.array(indices)
        updates = numbers((3, *x345.shape[depth:]), "float32", depth)
        CASES.add(f"scatter_nd_{kind}_{depth}", text, scatter_nd(x345, indices, updates, kind), 1e-6, fixed=("i",),
                  x=x345, i=indices, u=updates)

# resample: few terms are unrolled, many are a loop
for axis in range(3):
    for terms in (1, 2, 20):
        indices = numbers((6, terms), "int64", terms, 0, x345.shape[axis])
        weights = numbers((6, terms), seed=axis)
        CASES.add(f"resample_{axis}_{terms}",
                  f"%y = dfg.resample %x, %i, %w {{axis = {axis} : i64}} : ($x, $i, $w) -> $y",
                  np.moveaxis(np.einsum("otjk,ot->ojk", np.moveaxis(x345, axis, 0)[indices], weights), 0, axis).copy(),
                  1e-5, x=x345, i=indices, w=weights)
CASES.add("resample_float16", "%y = dfg.resample %x, %i, %w {axis = 0 : i64} : ($x, $i, $w) -> $y",
          np.array([1.5, 3.0], np.float16), x=np.arange(5, dtype=np.float16), i=np.array([[1, 2], [9, 2]]),
          w=np.array([[0.5, 0.5], [0.5, 0.5]], np.float32))

# cumulative
CUMULATIVE = {"sum": np.cumsum, "prod": np.cumprod, "max": np.maximum.accumulate, "min": np.minimum.accumulate}
NEUTRAL = {"sum": 0, "prod": 1, "max": -np.inf, "min": np.inf}


def cumulative(x, axis, kind, exclusive, reverse):
    x = np.flip(x, axis) if reverse else x
    y = CUMULATIVE[kind](x, axis=axis)
    if exclusive:
        first = np.full_like(np.take(y, [0], axis), NEUTRAL[kind])
        y = np.concatenate([first, np.delete(y, -1, axis)], axis)
    return np.flip(y, axis).copy() if reverse else y


for axis in range(3):
    for kind in CUMULATIVE:
        for exclusive, reverse in ((False, False), (True, True)) if axis else ((True, False), (False, True)):
            CASES.add(f"cumulative_{kind}_{axis}_{exclusive}_{reverse}",
                      f"%y = dfg.cumulative {kind} %x {{axis = {axis} : i64, exclusive = {str(exclusive).lower()}, "
                      f"reverse = {str(reverse).lower()}}} : ($x) -> $y",
                      cumulative(x345, axis, kind, exclusive, reverse), 1e-5, x=x345)
CASES.add("cumulative_int", "%y = dfg.cumulative sum %x {axis = 0 : i64} : ($x) -> $y", np.cumsum(np.arange(9)), x=np.arange(9))
CASES.add("cumulative_float16", "%y = dfg.cumulative sum %x {axis = 0 : i64} : ($x) -> $y",
          np.cumsum(np.full(4000, 0.1, np.float16).astype(np.float32)).astype(np.float16), 1e-3,
          x=np.full(4000, 0.1, np.float16))
