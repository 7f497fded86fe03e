"""Writes good and bad model files into a fresh folder."""
import os
import shutil
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

folder = sys.argv[1]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)


def write(name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def model(weight=None, sparse=None, nodes=None):
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [3])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [3])
    nodes = nodes or [helper.make_node("Add", ["x", "w"], ["y"])]
    graph = helper.make_graph(nodes, "g", [x], [y], [weight] if weight else [])
    if sparse:
        graph.sparse_initializer.append(sparse)
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 18)])


def tensor(dims, data):
    result = TensorProto(name="w", data_type=TensorProto.FLOAT, raw_data=data)
    result.dims.extend(dims)
    return result


def external(name, **entries):
    weight = TensorProto(name="w", data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
    weight.dims.extend([3])
    for key, value in entries.items():
        weight.external_data.add(key=key, value=str(value))
    write(name, model(weight).SerializeToString())


values = np.arange(3, dtype=np.float32)
good = model(tensor([3], values.tobytes())).SerializeToString()
write("empty.onnx", b"")
write("truncated.onnx", good[:-7])

# Subgraphs inside of subgraphs, written by hand: every level wraps the last.
inner = b""
for level in range(200):
    def field(number, data):
        size, encoded = len(data), b""
        while size > 127:
            encoded, size = encoded + bytes([size & 127 | 128]), size >> 7
        return bytes([number << 3 | 2]) + encoded + bytes([size]) + data
    inner = field(1, field(5, field(6, inner)))  # node { attribute { g } }
write("deep.onnx", field(7, inner))

write("data.bin", values.tobytes())
write("../outside.bin", values.tobytes())
link = os.path.join(folder, "link.bin")
os.symlink("../outside.bin", link)
external("external.onnx", location="data.bin", offset=0, length=12)
external("above.onnx", location="../outside.bin")
external("link.onnx", location="link.bin")
external("absolute.onnx", location="/dev/zero")
external("beyond.onnx", location="data.bin", offset=8)
external("length.onnx", location="data.bin", length=8)

write("short.onnx", model(tensor([3], b"\0\0\0\0")).SerializeToString())
write("huge.onnx", model(tensor([1 << 62, 1 << 62], b"")).SerializeToString())
write("negative.onnx", model(tensor([-1], b"")).SerializeToString())
sparse = helper.make_sparse_tensor(numpy_helper.from_array(values[:1], "w"),
                                   numpy_helper.from_array(np.array([7])), [3])
write("sparse.onnx", model(sparse=sparse).SerializeToString())
