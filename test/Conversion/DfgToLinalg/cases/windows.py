"""conv, pool."""

import itertools

import ml_dtypes
import numpy as np

from cases import Cases, numbers

CASES = Cases()


def windows(x, window, strides, pads, dilations, fill):
    """[N, C, out..., window...] of [N, C, spatial...]."""
    spatial = len(window)
    widths = [(0, 0), (0, 0)] + [(pads[2 * i], pads[2 * i + 1]) for i in range(spatial)]
    x = np.pad(x, widths, constant_values=fill)
    sizes = [max(0, (n - (k - 1) * d - 1) // s + 1) for n, k, s, d in zip(x.shape[2:], window, strides, dilations)]
    y = np.zeros((*x.shape[:2], *sizes, *window), x.dtype)
    for at in itertools.product(*map(range, sizes)):
        for k in itertools.product(*map(range, window)):
            source = tuple(i * s + j * d for i, s, j, d in zip(at, strides, k, dilations))
            y[(slice(None), slice(None), *at, *k)] = x[(slice(None), slice(None), *source)]
    return y


def conv(x, w, strides, pads, dilations, groups):
    """x [N, C, spatial...], w [O, C/groups, kernel...] in a wide type."""
    spatial = len(strides)
    patches = windows(x, w.shape[2:], strides, pads, dilations, 0)
    per, filters = w.shape[1], w.shape[0] // groups
    parts = []
    for g in range(groups):
        part = patches[:, g * per:(g + 1) * per]
        weights = w[g * filters:(g + 1) * filters]
        axes = [1, *range(2 + spatial, 2 + 2 * spatial)]
        parts.append(np.moveaxis(np.tensordot(part, weights, (axes, range(1, 2 + spatial))), -1, 1))
    return np.concatenate(parts, 1)


def array(values):
    return f"array<i64: {', '.join(map(str, values))}>" if values else "array<i64>"


def add_conv(name, x, w, strides, pads, dilations, groups, result, tolerance):
    wide = np.int32 if x.dtype.itemsize == 1 and x.dtype.kind in "iu" else np.float64
    expected = conv(x.astype(wide), w.astype(wide), strides, pads, dilations, groups).astype(result)
    attributes = (f"strides = {array(strides)}, pads = {array(pads)}, dilations = {array(dilations)}, "
                  f"groups = {groups} : i64")
    CASES.add(f"conv_{name}", f"%y = dfg.conv %x, %w {{{attributes}}} : ($x, $w) -> $y", expected, tolerance, x=x, w=w)
    CASES.add(f"conv_{name}_last", f"%y = dfg.conv %x, %w {{{attributes}, channels_last}} : ($x, $w) -> $y",
              np.ascontiguousarray(np.moveaxis(expected, 1, -1)), tolerance, x=np.ascontiguousarray(np.moveaxis(x, 1, -1)),
              w=np.ascontiguousarray(np.moveaxis(w, (0, 1), (-1, -2))))


GEOMETRIES = {
    # name: x, w, strides, pads, dilations, groups
    "1d": ((2, 3, 9), (4, 3, 3), [1], [1, 1], [1], 1),
    "1d_stride": ((1, 2, 10), (2, 2, 4), [3], [0, 2], [2], 1),
    "2d": ((2, 3, 8, 7), (5, 3, 3, 3), [1, 1], [1, 1, 1, 1], [1, 1], 1),
    "2d_stride": ((1, 3, 9, 11), (4, 3, 3, 2), [2, 3], [0, 1, 2, 0], [1, 2], 1),
    "2d_pointwise": ((2, 6, 5, 4), (3, 6, 1, 1), [1, 1], [0, 0, 0, 0], [1, 1], 1),
    "2d_depthwise": ((2, 6, 7, 7), (6, 1, 3, 3), [1, 1], [1, 1, 1, 1], [1, 1], 6),
    "2d_groups": ((1, 6, 5, 6), (4, 3, 2, 3), [1, 2], [1, 0, 0, 1], [2, 1], 2),
    "2d_multiplier": ((1, 3, 5, 6), (6, 1, 2, 2), [1, 1], [0, 0, 0, 0], [1, 1], 3),
    "2d_wide_pads": ((1, 1, 3, 3), (1, 1, 2, 2), [2, 2], [5, 4, 4, 5], [3, 3], 1),
    "2d_none": ((1, 1, 2, 2), (1, 1, 3, 3), [1, 1], [0, 0, 0, 0], [1, 1], 1),
    "2d_crop": ((1, 2, 6, 6), (2, 2, 2, 2), [1, 1], [-1, 0, 0, -2], [1, 1], 1),
    "3d": ((1, 2, 4, 5, 6), (3, 2, 2, 3, 2), [1, 2, 1], [1, 0, 0, 1, 1, 1], [1, 1, 2], 1),
    "0d": ((2, 3), (4, 3), [], [], [], 1),
}
for name, (x, w, *rest) in GEOMETRIES.items():
    if min(rest[1], default=0) >= 0:
        add_conv(name, numbers(x, seed=1), numbers(w, seed=2), *rest, np.float32, 1e-5)
for name in ("1d", "2d", "2d_groups", "2d_depthwise"):
    x, w, *rest = GEOMETRIES[name]
    for left, right in (("int8", "int8"), ("uint8", "int8"), ("uint8", "uint8")):
        add_conv(f"{name}_{left}_{right}", numbers(x, left, 1, *((0, 256) if left[0] == "u" else (-128, 128))),
                 numbers(w, right, 2, *((0, 256) if right[0] == "u" else (-128, 128))), *rest, np.int32, 0)
    for dtype, tolerance in (("float64", 1e-13), ("float16", 2e-3), ("bfloat16", 1e-2)):
        dtype = np.dtype(getattr(ml_dtypes, dtype, dtype))
        add_conv(f"{name}_{dtype.name}", numbers(x, dtype, 1), numbers(w, dtype, 2), *rest, dtype, tolerance)

# pool
IDENTITY = {"sum": 0, "prod": 1, "max": -np.inf, "min": np.inf}
COMBINE = {"sum": np.sum, "prod": np.prod, "max": np.max, "min": np.min}


def add_pool(name, kind, x, window, strides, pads, dilations, tolerance=0):
    identity = IDENTITY[kind]
    if x.dtype.kind in "iu" and kind in ("max", "min"):
        identity = getattr(np.iinfo(x.dtype), "min" if kind == "max" else "max")
    wide = x if x.dtype.kind in "iu" else x.astype(np.float64)
    patches = windows(wide, window, strides, pads, dilations, identity)
    expected = COMBINE[kind](patches, axis=tuple(range(-len(window), 0))).astype(x.dtype)
    attributes = (f"window = {array(window)}, strides = {array(strides)}, pads = {array(pads)}, "
                  f"dilations = {array(dilations)}")
    CASES.add(f"pool_{name}_{kind}", f"%y = dfg.pool {kind} %x {{{attributes}}} : ($x) -> $y", expected, tolerance, x=x)
    CASES.add(f"pool_{name}_{kind}_last", f"%y = dfg.pool {kind} %x {{{attributes}, channels_last}} : ($x) -> $y",
              np.ascontiguousarray(np.moveaxis(expected, 1, -1)), tolerance, x=np.ascontiguousarray(np.moveaxis(x, 1, -1)))


for kind in IDENTITY:
    add_pool("1d", kind, numbers((2, 3, 10)), [3], [2], [1, 1], [1], 1e-5)
    add_pool("2d", kind, numbers((2, 3, 8, 9)), [2, 3], [2, 1], [0, 1, 1, 0], [1, 2], 1e-5)
    add_pool("3d", kind, numbers((1, 2, 5, 4, 6)), [2, 2, 3], [1, 2, 2], [1, 0, 0, 0, 1, 1], [2, 1, 1], 1e-5)
    add_pool("whole", kind, numbers((2, 3, 4, 5)), [4, 5], [1, 1], [0, 0, 0, 0], [1, 1], 1e-5)
    add_pool("float16", kind, numbers((1, 2, 6, 6), "float16"), [3, 3], [1, 1], [1, 1, 1, 1], [1, 1], 2e-3)
    add_pool("border", kind, numbers((1, 1, 2, 2)), [2, 2], [2, 2], [2, 2, 3, 3], [1, 1], 1e-5)
for dtype in ("int8", "uint8"):
    for kind in ("max", "min"):
        add_pool(dtype, kind, numbers((1, 2, 6, 6), dtype, 1, 0, 100), [3, 3], [2, 2], [1, 1, 1, 1], [1, 1])
