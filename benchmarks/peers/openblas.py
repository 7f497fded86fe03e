"""The OpenBLAS that NumPy's wheels hold, for single matrix products."""

from . import NotApplicable, Runner

VARIANTS = ("",)
REQUIRES = "numpy"
SUITES = ("noop", "gemm")


def prepare(case, variant):
    import numpy as np
    import onnx
    from onnx import numpy_helper
    graph = onnx.load(case.model).graph
    x, y = case.input(), case.output_like()
    ops = [node.op_type for node in graph.node]
    if ops == ["MatMul"]:
        w = numpy_helper.to_array(graph.initializer[0])
        return Runner(lambda: np.matmul(x, w, out=y), lambda: y)
    if ops == ["Relu"]:
        return Runner(lambda: np.maximum(x, 0, out=y), lambda: y)
    raise NotApplicable("more than one matrix product")
