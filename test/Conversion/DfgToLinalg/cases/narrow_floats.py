"""Element types narrower than f32: storing, reading and casting."""

import warnings

import ml_dtypes
import numpy as np

from cases import Cases, numbers

CASES = Cases()
warnings.simplefilter("ignore")
CAST = "%y = dfg.cast %x : ($x) -> $y"
UNSATURATED = "%y = dfg.cast %x {saturate = false} : ($x) -> $y"
BYTES = ("float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz")

# Every value there is, widened.
for dtype in (*BYTES, "float8_e8m0fnu", "float4_e2m1fn"):
    codes = np.arange(16 if dtype == "float4_e2m1fn" else 256).astype(np.uint8)
    every = codes.view(getattr(ml_dtypes, dtype))
    for to in ("float32", "float64", "float16"):
        CASES.add(f"cast_{dtype}_{to}", CAST, every.astype(np.float32).astype(to), x=every)
    # There and back: what the bits say must survive.
    wide = every.astype(np.float32)
    valid = every if dtype != "float8_e8m0fnu" else every[:-1]
    CASES.add(f"negate_{dtype}", "%n = dfg.neg %x : ($x) -> $x\n    %y = dfg.neg %n : ($x) -> $x", valid, x=valid) if dtype != "float8_e8m0fnu" else None
half = np.arange(65536).astype(np.uint16)
CASES.add("cast_float16_float32", CAST, half.view(np.float16).astype(np.float32), x=half.view(np.float16))
CASES.add("cast_bfloat16_float32", CAST, half.view(ml_dtypes.bfloat16).astype(np.float32), x=half.view(ml_dtypes.bfloat16))

# Halfway points between neighbours, their surroundings, and special values.
SPECIAL = np.array([0.0, -0.0, 1e-45, -1e-45, 1e-40, 3.4e38, -3.4e38, np.inf, -np.inf, np.nan, 448, 464, 465, 480, 57344,
                    61440, 61441, 240, 248, 249, 256, 6, 5, 0.25, 0.75, 7, -7, 1e9, -1e9], np.float32)


def border_cases(dtype):
    every = np.arange(256).astype(np.uint8).view(dtype).astype(np.float32) if dtype.itemsize == 1 else None
    if dtype.name == "float4_e2m1fn":
        every = np.arange(16).astype(np.uint8).view(dtype).astype(np.float32)
    if every is None:
        every = np.arange(0, 65536, 37).astype(np.uint16).view(dtype).astype(np.float32)
    every = np.sort(every[np.isfinite(every)])
    middles = ((every[1:].astype(np.float64) + every[:-1]) / 2).astype(np.float32)
    near = np.concatenate([every, middles])
    return np.concatenate([near, np.nextafter(near, np.float32(np.inf)), np.nextafter(near, np.float32(-np.inf)), SPECIAL,
                           numbers(500, "float32", 1, -1, 1) * 2.0 ** numbers(500, "int32", 2, -30, 30).astype(np.float32)])


def saturated(x, dtype):
    info = ml_dtypes.finfo(dtype)
    return np.clip(x, np.float32(info.min), np.float32(info.max)).astype(dtype)


for name in BYTES:
    dtype = np.dtype(getattr(ml_dtypes, name))
    x = border_cases(dtype)
    CASES.add(f"cast_float32_{name}", CAST, saturated(x, dtype), x=x)
    CASES.add(f"cast_float32_{name}_unsaturated", UNSATURATED, x.astype(dtype), x=x)
    CASES.add(f"cast_float16_{name}", CAST, saturated(x.astype(np.float16).astype(np.float32), dtype), x=x.astype(np.float16))
    CASES.add(f"cast_int32_{name}", CAST, saturated(np.arange(-999, 999, 7).astype(np.float32), dtype), x=np.arange(-999, 999, 7).astype(np.int32))
dtype = np.dtype(ml_dtypes.float4_e2m1fn)
CASES.add("cast_float32_float4_e2m1fn", CAST, border_cases(dtype).astype(dtype), x=border_cases(dtype))
for name in ("bfloat16", "float16"):
    dtype = np.dtype(getattr(ml_dtypes, name, name))
    x = border_cases(dtype)
    # Compared in f32, exactly.
    text = f"%n = dfg.cast %x : ($x) -> $h\n    %y = dfg.cast %n : ($h) -> $y"
    CASES.add(f"cast_float32_{name}", text, x.astype(dtype).astype(np.float32), x=x, h=x.astype(dtype))
# f64 rounds once: just above and below a halfway point of f16 that f32 cannot tell from it.
middle = np.array([1 + 2.0**-11, 1 + 3 * 2.0**-11, 65519.999999999, 2.0**-25, 3 * 2.0**-25])
double = np.concatenate([middle, middle * (1 + 2.0**-40), middle * (1 - 2.0**-40), -middle, [np.inf, -np.inf, np.nan, 0, 1e300, 1e-300]])
CASES.add("cast_float64_float16", CAST, double.astype(np.float16), x=double)
middle = np.array([1 + 2.0**-4, 1 + 3 * 2.0**-4])
double = np.concatenate([middle, middle * (1 + 2.0**-40), middle * (1 - 2.0**-40), [np.inf, 1e300]])
CASES.add("cast_float64_float8_e4m3fn", CAST,
          np.array([1, 1.25, 1.125, 1.25, 1, 1.125, 448, 448], ml_dtypes.float8_e4m3fn), x=double)

# f8E8M0FNU holds powers of two, from 2^-127 to 2^127.
powers = np.array([2.0**-127, 1.4 * 2.0**-127, 1.5 * 2.0**-127, 2.0**-126, 0.124, 0.25, 0.3, 0.37, 0.375, 0.5, 1.1, 1.5, 2, 3, 4, 8,
                   2.0**127, 1.25 * 2.0**127, 1.75 * 2.0**127, np.inf, np.nan, 2.0**-130, 0], np.float32)
E8 = ml_dtypes.float8_e8m0fnu


def codes(*values):
    return np.array(values, np.uint8).view(E8)


ROUNDED = {
    "up": (0, 1, 1, 1, 124, 125, 126, 126, 126, 126, 128, 128, 128, 129, 129, 130, 254, 254, 254, 254, 255, 0, 0),
    "down": (0, 0, 0, 1, 123, 125, 125, 125, 125, 126, 127, 127, 128, 128, 129, 130, 254, 254, 254, 254, 255, 0, 0),
    "nearest": (0, 0, 1, 1, 124, 125, 125, 125, 126, 126, 127, 128, 128, 129, 129, 130, 254, 254, 254, 254, 255, 0, 0),
}
for mode, expected in ROUNDED.items():
    CASES.add(f"cast_e8m0_{mode}", f'%y = dfg.cast %x {{round_mode = "{mode}"}} : ($x) -> $y', codes(*expected), x=powers)
CASES.add("cast_e8m0_nearest_unsaturated", '%y = dfg.cast %x {round_mode = "nearest", saturate = false} : ($x) -> $y',
          codes(*ROUNDED["nearest"][:18], 255, 255, 255, 0, 255), x=powers)

# Integers of a few bits wrap.
for name in ("int4", "uint4", "int2", "uint2"):
    dtype = getattr(ml_dtypes, name)
    for source in ("float32", "float16", "int32", "int8", "int64"):
        x = np.arange(-20, 21).astype(source)
        CASES.add(f"cast_{source}_{name}", CAST, x.astype(np.int32).astype(dtype), x=x)
    every = np.arange(-8, 8).astype(np.int32).astype(dtype)
    for to in ("float32", "float16", "int8", "uint8", "int32"):
        CASES.add(f"cast_{name}_{to}", CAST, every.astype(np.int32).astype(to), x=every)
    CASES.add(f"add_{name}", "%y = dfg.add %x, %x : ($x, $x) -> $y", (2 * every.astype(np.int32)).astype(dtype), x=every)
    CASES.add(f"sum_{name}", "%y = dfg.reduce sum %x {axes = array<i64: 0>} : ($x) -> $y",
              np.array(every.astype(np.int32).sum()).astype(dtype), x=every)

# Other casts
CASES.add("cast_float32_bool", CAST, np.array([False, True, True, True]), x=np.array([0, 1, -0.5, np.nan], np.float32))
CASES.add("cast_float8_bool", CAST, np.array([False, True]), x=np.array([0, 2], ml_dtypes.float8_e5m2))
CASES.add("cast_bool_float16", CAST, np.array([0, 1], np.float16), x=np.array([False, True]))
CASES.add("cast_float32_uint8", CAST, np.array([0, 44, 251, 2], np.uint8), x=np.array([0, 300, -5, 2.9], np.float32))
CASES.add("cast_float32_int64", CAST, np.array([2**40, -3, 0]), x=np.array([2**40, -3.9, -0.5], np.float32))
CASES.add("cast_int64_int8", CAST, np.array([-56, 1], np.int8), x=np.array([200, 257]))
CASES.add("cast_uint64_float32", CAST, np.array([2**63, 5], np.float32), x=np.array([2**63, 5], np.uint64))
CASES.add("cast_uint8_int32", CAST, np.array([200, 5], np.int32), x=np.array([200, 5], np.uint8))
CASES.add("cast_int8_uint32", CAST, np.array([2**32 - 1, 5], np.uint32), x=np.array([-1, 5], np.int8))
