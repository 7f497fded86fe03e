"""Cases by family; see ../execute.py."""


class Cases(list):
    """Collects cases. The result of the text is `%y`."""

    def add(self, name, text, expected, tolerance=0, fixed=(), **inputs):
        """`tolerance` is relative and absolute; `fixed` names values that keep static
        extents in the dynamic variant."""
        assert name not in [case["name"] for case in self], name
        self.append({"name": name, "text": text, "expected": expected, "tolerance": tolerance,
                     "fixed": fixed, "inputs": inputs})


def numbers(shape, dtype="float32", seed=0, low=-4, high=4):
    """Reproducible numbers of any element type."""
    import numpy as np

    generator = np.random.default_rng(seed)
    if np.dtype(dtype).kind == "f" or "float" in str(np.dtype(dtype)):
        return generator.uniform(low, high, shape).astype(dtype)
    if np.dtype(dtype) == bool:
        return generator.integers(0, 2, shape).astype(bool)
    return generator.integers(low, high, shape).astype(dtype)
