"""matmul."""

import ml_dtypes
import numpy as np

from cases import Cases, numbers

CASES = Cases()
MATMUL = "%y = dfg.matmul %a, %b : ($a, $b) -> $y"
SHAPES = [
    ((3, 4), (4, 5)), ((1, 1), (1, 1)), ((7, 33), (33, 17)), ((4,), (4, 5)), ((3, 4), (4,)), ((4,), (4,)),
    ((2, 3, 4), (2, 4, 5)), ((2, 3, 4), (4, 5)), ((3, 4), (2, 4, 5)), ((6, 1, 3, 4), (2, 4, 5)), ((1, 3, 4), (2, 4, 5)),
    ((2, 3, 4), (4,)), ((4,), (2, 4, 5)), ((3, 0), (0, 5)), ((0, 4), (4, 5)), ((2, 1, 3, 4), (1, 5, 4, 6)),
]


def name_of(*arrays):
    return "_by_".join("x".join(map(str, a.shape)) for a in arrays)


for i, shapes in enumerate(SHAPES):
    a, b = (numbers(shape, "float32", i + j) for j, shape in enumerate(shapes))
    CASES.add(f"matmul_{name_of(a, b)}", MATMUL, np.asarray(a @ b), 1e-5, a=a, b=b)

for dtype, tolerance in (("float64", 1e-13), ("float16", 2e-3), ("bfloat16", 1e-2), ("int32", 0), ("int64", 0), ("uint32", 0)):
    for i, shapes in enumerate(SHAPES[2:8]):
        a, b = (numbers(shape, getattr(ml_dtypes, dtype, dtype), i + j, 0 if dtype[0] == "u" else -3) for j, shape in enumerate(shapes))
        exact = a.astype(np.float64) @ b.astype(np.float64)
        CASES.add(f"matmul_{dtype}_{name_of(a, b)}", MATMUL, np.asarray(exact).astype(a.dtype), tolerance, a=a, b=b)

for left, right in (("int8", "int8"), ("uint8", "int8"), ("uint8", "uint8"), ("int8", "uint8")):
    a, b = numbers((5, 37), left, 1, *((0, 256) if left[0] == "u" else (-128, 128))), numbers((37, 9), right, 2, *((0, 256) if right[0] == "u" else (-128, 128)))
    CASES.add(f"matmul_{left}_{right}", MATMUL, a.astype(np.int32) @ b.astype(np.int32), a=a, b=b)

for dtype in ("float8_e4m3fn", "float8_e5m2"):
    a, b = (numbers(shape, getattr(ml_dtypes, dtype), 3, -1, 1) for shape in ((3, 5), (5, 2)))
    CASES.add(f"matmul_{dtype}", MATMUL, (a.astype(np.float32) @ b.astype(np.float32)).astype(a.dtype), a=a, b=b)

for shapes in (((4, 3), (4, 5)), ((2, 4, 3), (2, 4, 5)), ((2, 4, 3), (4, 5))):
    for transpose_a in (False, True):
        for transpose_b in (False, True):
            a, b = (numbers(shape, "float32", j) for j, shape in enumerate(shapes))
            left, right = (a if transpose_a else np.ascontiguousarray(a.swapaxes(-1, -2))), (np.ascontiguousarray(b.swapaxes(-1, -2)) if transpose_b else b)
            flags = ", ".join(["transpose_a"] * transpose_a + ["transpose_b"] * transpose_b)
            CASES.add(f"matmul_{name_of(a, b)}_{transpose_a}_{transpose_b}",
                      f"%y = dfg.matmul %a, %b {{{flags}}} : ($a, $b) -> $y" if flags else MATMUL,
                      a.swapaxes(-1, -2) @ b, 1e-5, a=left, b=right)
square = numbers((5, 5))
CASES.add("matmul_itself", "%y = dfg.matmul %a, %a {transpose_b} : ($a, $a) -> $y", square @ square.T, 1e-5, a=square)
