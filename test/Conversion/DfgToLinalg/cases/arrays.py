"""iota, broadcast_to, transpose, concat, slice, update_slice, reverse, pad."""

import itertools

import ml_dtypes
import numpy as np

from cases import Cases, numbers

CASES = Cases()
x345 = numbers((3, 4, 5))

# iota
for dtype in ("int64", "int32", "uint8", "float32", "float16"):
    CASES.add(f"iota_{dtype}", "%n = dfg.item %s[0] : $s\n    %y = dfg.iota [%n, 4] axis(1) : $y",
              np.broadcast_to(np.arange(4), (3, 4)).astype(dtype), s=np.array([3]))
CASES.add("iota_rows", "%y = dfg.iota [6, 2] axis(0) : $y", np.repeat(np.arange(6), 2).reshape(6, 2))

# broadcast_to
CASES.add("broadcast_rank", "%n = dfg.item %s[0] : $s\n    %y = dfg.broadcast_to %x to [%n, 3, 5] : ($x) -> $y",
          np.broadcast_to(x345[0, :3], (2, 3, 5)), x=x345[0, :3].copy(), s=np.array([2]))
CASES.add("broadcast_ones", "%y = dfg.broadcast_to %x to [2, 3, 5] : ($x) -> $y",
          np.broadcast_to(x345[:, :1, 0], (2, 3, 1)).repeat(5, 2), fixed=("x",), x=x345[:, :1, :1].reshape(3, 1).copy())
CASES.add("broadcast_unknown", "%n = dfg.item %s[0] : $s\n    %y = dfg.broadcast_to %x to [%n, 5] : ($x) -> $y",
          np.broadcast_to(x345[0, 0], (3, 5)), x=x345[:1, 0].copy(), s=np.array([3]))
CASES.add("broadcast_scalar", "%y = dfg.broadcast_to %x to [2, 3] : ($x) -> $y", np.full((2, 3), 7, np.int8), x=np.array(7, np.int8))

# transpose
for rank in (1, 2, 3, 4):
    shape = (2, 3, 4, 5)[:rank]
    for permutation in itertools.permutations(range(rank)):
        x = numbers(shape, "int32", 1, -99, 99)
        CASES.add(f"transpose_{'_'.join(map(str, permutation))}",
                  f"%y = dfg.transpose %x {{permutation = array<i64: {', '.join(map(str, permutation))}>}} : ($x) -> $y"
                  , np.ascontiguousarray(x.transpose(permutation)), x=x)
for dtype in ("float16", "bfloat16", "float8_e4m3fn", "float4_e2m1fn", "int4", "bool", "float64"):
    x = numbers((3, 7), getattr(ml_dtypes, dtype, dtype), 2)
    CASES.add(f"transpose_{dtype}", "%y = dfg.transpose %x {permutation = array<i64: 1, 0>} : ($x) -> $y",
              np.ascontiguousarray(x.T), x=x)

# concat
for axis in range(3):
    parts = []
    for i, extent in enumerate((2, 1, 0, 6)):
        shape = [3, 4, 5]
        shape[axis] = extent
        parts.append(numbers(shape, "float32", i))
    CASES.add(f"concat_{axis}", f"%y = dfg.concat %a, %b, %c, %d {{axis = {axis} : i64}} : ($a, $b, $c, $d) -> $y",
              np.concatenate(parts, axis), **dict(zip("abcd", parts)))
CASES.add("concat_one", "%y = dfg.concat %a {axis = 0 : i64} : ($a) -> $y", x345, a=x345)
CASES.add("concat_bool", "%y = dfg.concat %a, %a {axis = 1 : i64} : ($a, $a) -> $y",
          np.array([[True, False] * 2]), a=np.array([[True, False]]))
CASES.add("concat_of_sums", "%s = dfg.add %a, %b : ($a, $b) -> $a\n    %y = dfg.concat %s, %b {axis = 1 : i64} : ($a, $b) -> $y",
          np.concatenate([x345 + x345, x345], 1), a=x345, b=x345)

# slice
CASES.add("slice_plain", "%y = dfg.slice %x [1, 0, 2] [2, 4, 3] [1, 1, 1] : ($x) -> $y", x345[1:, :, 2:].copy(), x=x345)
CASES.add("slice_steps", "%y = dfg.slice %x [0, 3, 4] [2, 2, 3] [2, -3, -2] : ($x) -> $y", x345[::2, 3::-3, 4::-2].copy(), x=x345)
CASES.add("slice_offsets",
          "%o = dfg.item %s[0] : $s\n    %n = dfg.item %s[1] : $s\n"
          "    %y = dfg.slice %x [0, %o, 0] [3, %n, 5] [1, 1, 1] : ($x) -> $y",
          x345[:, 1:3].copy(), x=x345, s=np.array([1, 2]))
CASES.add("slice_empty", "%y = dfg.slice %x [0, 4, 0] [3, 0, 5] [1, 1, 1] : ($x) -> $y", x345[:, 4:].copy(), x=x345)
CASES.add("slice_bfloat16", "%y = dfg.slice %x [1] [2] [1] : ($x) -> $y", np.array([2, 3], ml_dtypes.bfloat16),
          x=np.array([1, 2, 3, 4], ml_dtypes.bfloat16))

# update_slice
updated = x345.copy()
updated[1:, 2:4, :] = 7
CASES.add("update_slice", "%y = dfg.update_slice %x, %u [1, 2, 0] : ($x, $u) -> $y", updated, x=x345,
          u=np.full((2, 2, 5), 7, "float32"))
CASES.add("update_slice_offsets",
          "%o = dfg.item %s[0] : $s\n    %y = dfg.update_slice %x, %u [1, %o, 0] : ($x, $u) -> $y", updated, x=x345,
          u=np.full((2, 2, 5), 7, "float32"), s=np.array([2]))

# reverse
for axes in ((0,), (1,), (0, 2), (0, 1, 2)):
    CASES.add(f"reverse_{'_'.join(map(str, axes))}",
              "%y = dfg.reverse %x {axes = array<i64: " + ", ".join(map(str, axes)) + ">} : ($x) -> $y",
              np.flip(x345, axes).copy(), x=x345)

# pad
zero = np.array(-1.5, np.float32)


def pad(mode, low, high, extra=""):
    return f"%y = dfg.pad {mode} %x, %v low {low} high {high} {extra} : ($x, $v) -> $y"


CASES.add("pad_constant", pad("constant", [1, 0, 2], [0, 3, 1]),
          np.pad(x345, [(1, 0), (0, 3), (2, 1)], constant_values=-1.5), x=x345, v=zero)
CASES.add("pad_crop", pad("constant", [-1, 2, -2], [1, -3, -1]),
          np.pad(x345, [(0, 1), (2, 0), (0, 0)], constant_values=-1.5)[1:, :-3, 2:-1].copy(), x=x345, v=zero)
CASES.add("pad_all_away", pad("constant", [-3, 0, 0], [2, 0, 0]), np.full((2, 4, 5), -1.5, np.float32), x=x345, v=zero)
CASES.add("pad_empty", pad("constant", [2, 1], [0, 1]), np.full((2, 4), -1.5, np.float32),
          x=np.zeros((0, 2), np.float32), v=zero)
interior = np.full((8, 9), -1.5, np.float32)
interior[2:7:2, 1:8:3] = x345[0, :3, :3]
CASES.add("pad_interior", pad("constant", [2, 1], [1, 1], "interior [1, 2]"), interior, x=x345[0, :3, :3].copy(), v=zero)
CASES.add("pad_interior_crop", pad("constant", [-1, -2], [-1, 0], "interior [1, 2]"),
          np.pad(interior, ((0, 0), (0, 0)))[3:6, 3:8].copy(), x=x345[0, :3, :3].copy(), v=zero)
CASES.add("pad_dynamic", "%n = dfg.item %s[0] : $s\n    " +
          pad("constant", "[%n, 0, 0]", "[0, 0, %n]"), np.pad(x345, [(2, 0), (0, 0), (0, 2)], constant_values=-1.5),
          x=x345, v=zero, s=np.array([2]))
CASES.add("pad_int", pad("constant", [1], [2]), np.array([9, 1, 2, 9, 9], np.uint8), x=np.array([1, 2], np.uint8), v=np.array(9, np.uint8))
for mode, name in (("edge", "edge"), ("reflect", "reflect"), ("wrap", "wrap")):
    CASES.add(f"pad_{mode}", pad(mode, [2, 3, 0], [1, 0, 4]), np.pad(x345, [(2, 1), (3, 0), (0, 4)], name), x=x345, v=zero)
    CASES.add(f"pad_{mode}_far", pad(mode, [7], [11]), np.pad(np.arange(4.0), (7, 11), name), x=np.arange(4.0), v=np.array(0.0))
    CASES.add(f"pad_{mode}_one", pad(mode, [2], [3]), np.pad(np.array([5.0]), (2, 3), name), x=np.array([5.0]), v=np.array(0.0))
    CASES.add(f"pad_{mode}_crop", pad(mode, [-1], [2]), np.pad(np.arange(5.0), (0, 2), name)[1:].copy(), x=np.arange(5.0), v=np.array(0.0))


# random_bits: Philox 4x32-10
def philox(counter, key):
    words, keys = [counter & 0xFFFFFFFF, counter >> 32, 0, 0], [key & 0xFFFFFFFF, key >> 32]
    for _ in range(10):
        first, second = words[0] * 0xD2511F53, words[2] * 0xCD9E8D57
        words = [(second >> 32) ^ words[1] ^ keys[0], second & 0xFFFFFFFF,
                 (first >> 32) ^ words[3] ^ keys[1], first & 0xFFFFFFFF]
        keys = [(keys[0] + 0x9E3779B9) & 0xFFFFFFFF, (keys[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return words[1] << 32 | words[0]


assert philox(0, 0) == 0xE169C58D6627E8D5  # as published
for key in (0, 1 << 40 | 7):
    counters = [0, 1, 2, 3, 2**32, 2**64 - 1]
    CASES.add(f"random_bits_{key}", "%y = dfg.random_bits %x, %k : ($x, $k) -> $y",
              np.array([philox(c, key) for c in counters], np.uint64), x=np.array(counters, np.uint64),
              k=np.array(key, np.uint64))
