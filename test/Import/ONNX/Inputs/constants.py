"""Writes a model that returns constants of many types: typed fields, raw data, packed."""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

tensors = [
    helper.make_tensor("i4_raw", TensorProto.INT4, [5], bytes([0xE1, 0x87, 0x03]), raw=True),
    helper.make_tensor("u4_typed", TensorProto.UINT4, [3], [1, 15, 8]),
    helper.make_tensor("i2_typed", TensorProto.INT2, [5], [1, -2, 0, -1, 1]),
    helper.make_tensor("bool_typed", TensorProto.BOOL, [3], [True, False, True]),
    helper.make_tensor("f16_typed", TensorProto.FLOAT16, [2], [1, -2.5]),
    helper.make_tensor("bf16_typed", TensorProto.BFLOAT16, [2], [1, -2.5]),
    helper.make_tensor("f8_typed", TensorProto.FLOAT8E4M3FN, [2], [1, -2.5]),
    helper.make_tensor("u64_typed", TensorProto.UINT64, [2], [1, 2**64 - 1]),
    helper.make_tensor("i16_typed", TensorProto.INT16, [2], [-1, 200]),
    numpy_helper.from_array(np.full(1000, 7), "splat"),
    numpy_helper.from_array(np.arange(300, dtype=np.float32), "large"),
]
nodes, outputs = [], []
for tensor in tensors:
    nodes.append(helper.make_node("Identity", [tensor.name], [tensor.name + "_out"]))
    outputs.append(helper.make_tensor_value_info(tensor.name + "_out", tensor.data_type, list(tensor.dims)))
sparse = helper.make_sparse_tensor(numpy_helper.from_array(np.array([5, 6], np.float32), "sparse"),
                                   numpy_helper.from_array(np.array([[0, 1], [1, 0]])), [2, 2])
nodes.append(helper.make_node("Identity", ["sparse"], ["sparse_out"]))
outputs.append(helper.make_tensor_value_info("sparse_out", TensorProto.FLOAT, [2, 2]))
graph = helper.make_graph(nodes, "g", [], outputs, tensors, sparse_initializer=[sparse])
onnx.save(helper.make_model(graph, ir_version=13, opset_imports=[helper.make_opsetid("", 25)]), sys.argv[1])
