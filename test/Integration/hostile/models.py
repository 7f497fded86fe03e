"""Models that mean harm, each a few lines: what a compiler must refuse, or survive.

`CASES` maps a name to (expected, options), `expected` being a part of the error, or None where the model is
merely unusual and may compile. `write` writes one, and beside it the files that some of them point to.
"""
import os
import random

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from damage import flipped

F, I = TensorProto.FLOAT, TensorProto.INT64
MODELS, CASES = {}, {}


def value(name, dtype=F, shape=None):
    return helper.make_tensor_value_info(name, dtype, shape)


def model(nodes, inputs=(), outputs=("y",), initializers=(), functions=(), opset=21):
    graph = helper.make_graph(nodes, "g", list(inputs), [o if not isinstance(o, str) else value(o) for o in outputs],
                              list(initializers))
    for output in graph.output:
        if output.type.tensor_type.elem_type == F and not output.type.tensor_type.HasField("shape"):
            output.ClearField("type")
    imports = [helper.make_opsetid("", opset), helper.make_opsetid("local", 1)]
    return helper.make_model(graph, ir_version=10, opset_imports=imports, functions=list(functions))


def add(name, proto, expected):
    MODELS[name] = proto if isinstance(proto, bytes) else proto.SerializeToString()
    CASES[name] = (expected, [])


def node(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs.split(), outputs.split(), **attributes)


def ints(name, *values):
    return numpy_helper.from_array(np.array(values, np.int64), name)


def floats(name, *values):
    return numpy_helper.from_array(np.array(values, np.float32), name)


def tensor(name, dims, dtype=F, data=b"", **fields):
    result = TensorProto(name=name, data_type=dtype, raw_data=data, **fields)
    result.dims.extend(dims)
    return result


X = value("x", F, [2, 3])
RELU = [node("Relu", "x", "y")]
GOOD = model([node("MatMul", "x w", "a"), node("Relu", "a", "y")], [X], initializers=[floats("w", *range(3))])

# ---- The file ----
bytes_ = GOOD.SerializeToString()
add("empty", b"", "holds no graph")
add("no graph", onnx.ModelProto(ir_version=10).SerializeToString(), "holds no graph")
for length in range(5, len(bytes_), 29):
    add(f"truncated to {length}", bytes_[:length], "")
for i, wrong in enumerate(flipped(bytes_, 40)):
    add(f"flipped {i}", wrong, None)
add("noise", random.Random(1).randbytes(4096), "no ONNX model")
add("length beyond the end", b"\x3a\xff\xff\xff\xff\x07" + bytes_, "no ONNX model")


def wrapped(levels, *fields):
    """Messages inside of messages, `fields` being the numbers that each level goes through."""
    inner = b""
    for _ in range(levels):
        for number in fields:
            size, encoded = len(inner), b""
            while size > 127:
                encoded, size = encoded + bytes([size & 127 | 128]), size >> 7
            inner = bytes([number << 3 | 2]) + encoded + bytes([size]) + inner
    return inner


def field(number, data):
    encoded, size = b"", len(data)
    while size > 127:
        encoded, size = encoded + bytes([size & 127 | 128]), size >> 7
    return bytes([number << 3 | 2]) + encoded + bytes([size]) + data


add("10,000 nested subgraphs", field(7, wrapped(10000, 6, 5, 1)), "no ONNX model")
add("10,000 nested types", field(7, field(11, field(2, wrapped(10000, 1, 4)))), "no ONNX model")


# ---- Graphs ----
add("cycle", model([node("Add", "x z", "y"), node("Relu", "y", "z")], [X]), "which no earlier node or input defines")
add("cycle of one", model([node("Add", "x y", "y")], [X]), "which no earlier node or input defines")
add("defined twice", model([node("Relu", "x", "y"), node("Neg", "x", "y")], [X]), "which is defined already")
add("defines its input", model([node("Relu", "x", "x")], [X], ["x"]), "which is defined already")
add("inputs of one name", model(RELU, [X, X]), "has no name of its own")
add("initializers of one name", model(RELU, [X], initializers=[floats("w", 1), floats("w", 2)]), "defined twice")
add("output of nothing", model([], [X], ["nothing"]), "is no result of the graph")
add("no outputs", model(RELU, [X], []), None)
add("names with zero bytes", model([node("Relu", "x", "a\0b"), node("Neg", "a\0b", "y")], [value("x", F, [2])]), None)
add("names that are no text", GOOD.SerializeToString().replace(b"MatMul", b"\xff\xfe\0\r\n\x1b"), "is not supported")
add("a name of 1 MB", model([node("Relu", "x", "y" * (1 << 20))], [X], ["y" * (1 << 20)]), None)
add("1e6 unknown nodes", model([node("Nonsense", "x", f"v{i}") for i in range(200_000)], [X], ["v0"]).SerializeToString(), "is not supported")
add("deep chain", model([node("Relu", f"v{i}" if i else "x", f"v{i + 1}") for i in range(6000)], [X], ["v6000"]), None)


def chain(op, length, **attributes):
    """Every node has the last result as both inputs."""
    return [node(op, f"v{i} v{i}" if i else "x x", f"v{i + 1}", **attributes) for i in range(length)]


add("sizes that double", model([node("Shape", "s", "x")] + chain("Add", 200) + [node("ConstantOfShape", "v200", "y")],
                               [value("s", F, ["N"])]), None)
add("sizes that are squared", model([node("Shape", "s", "x")] + chain("Mul", 60) + [node("ConstantOfShape", "v60", "y")],
                                    [value("s", F, ["N"])]), None)
halves = [node("Shape", "s", "v0")]
for i in range(60):
    halves += [node("Div", f"v{i} two", f"a{i}"), node("Div", f"v{i} three", f"b{i}"), node("Add", f"a{i} b{i}", f"v{i + 1}")]
add("sizes of many terms", model(halves + [node("ConstantOfShape", "v60", "y")], [value("s", F, ["N"])],
                                 initializers=[ints("two", 2), ints("three", 3)]), None)
add("concatenations that double", model(chain("Concat", 80, axis=0), [X], ["v80"]), "")


# ---- Subgraphs and functions ----
branch = helper.make_graph([node("Identity", "x", "r")], "g", [], [value("r")])
for level in range(12):
    inner = helper.make_node("If", ["c"], [f"r{level}"], then_branch=branch, else_branch=branch)
    branch = helper.make_graph([inner], "g", [], [value(f"r{level}")])
add("nested branches", model([helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=branch)],
                             [X, value("c", TensorProto.BOOL, [])]), None)


def loop_nest(levels):
    """Loops whose values change shape, so that each level is looked at several times."""
    nodes, result = [node("Concat", "v x", "w", axis=0)], "w"
    for level in range(levels):
        body = helper.make_graph([node("Identity", "go", "on"), *nodes], "g",
                                 [value("i", I, []), value("go", TensorProto.BOOL, []), value("v")],
                                 [value("on", TensorProto.BOOL, []), value(result)])
        nodes, result = [helper.make_node("Loop", ["n", "", "v"], [f"w{level}"], body=body)], f"w{level}"
    nodes[0].input[2] = "x"
    return nodes, result


nodes, result = loop_nest(25)
add("nested loops", model(nodes, [X, value("n", I, [])], [result]), None)


def function(name, nodes, inputs=("a",), outputs=("b",)):
    return helper.make_function("local", name, list(inputs), list(outputs), nodes,
                                [helper.make_opsetid("", 21), helper.make_opsetid("local", 1)])


def call(name, inputs, outputs):
    return helper.make_node(name, inputs.split(), outputs.split(), domain="local")


add("function that calls itself", model([call("F", "x", "y")], [X], functions=[function("F", [call("F", "a", "b")])]), "expected no recursion")
add("functions that call each other", model([call("F", "x", "y")], [X], functions=[
    function("F", [call("G", "a", "b")]), function("G", [call("F", "a", "c"), call("F", "c", "b")])]), "expected no recursion")
laughs = [function("F0", [node("Neg", "a", "b")])]
laughs += [function(f"F{i}", [call(f"F{i - 1}", "a", "c"), call(f"F{i - 1}", "c", "b")]) for i in range(1, 60)]
add("functions that double", model([call("F59", "x", "y")], [X], functions=laughs), "nodes")
add("10,000 functions in a chain", model([call("F9999", "x", "y")], [X], functions=laughs[:1] + [
    function(f"F{i}", [call(f"F{i - 1}", "a", "b")]) for i in range(1, 10000)]), "deep")
add("function of one name", model(RELU, [X], functions=laughs[:1] * 2), "twice")

# Branches of different rank double what follows them.
ranks = [value("c", TensorProto.BOOL, []), value("x", F, [1, 2])]
forks = []
for i in range(40):
    source = f"v{i}" if i else "x"
    squeeze = helper.make_graph([node("Flatten", source, "t", axis=1)], "t", [], [value("t")])
    unsqueeze = helper.make_graph([node("Unsqueeze", source + " zero", "e")], "e", [], [value("e")])
    forks.append(helper.make_node("If", ["c"], [f"v{i + 1}"], then_branch=squeeze, else_branch=unsqueeze))
add("forks that double", model(forks, ranks, ["v40"], [ints("zero", 0)]), "")

# ---- Sizes ----
BIG = [1 << 31, (1 << 63) - 1, 1 << 62, 1 << 40]
for extent in BIG:
    add(f"input of {extent} twice", model(RELU, [value("x", F, [extent, extent])]), "")
    add(f"initializer of {extent}", model([node("Neg", "w", "y")], initializers=[tensor("w", [extent], data=b"\0" * 8)]), "")
    add(f"initializer of {extent} without elements", model([node("Neg", "w", "y")], initializers=[tensor("w", [extent, 0])]), None)
    add(f"filled with {extent}", model([node("ConstantOfShape", "s", "y")], initializers=[ints("s", extent, extent)]), "")
    add(f"filled with {extent} ones", model([node("ConstantOfShape", "s", "a"), node("Neg", "a", "y")], initializers=[ints("s", extent)]), None)
    add(f"expanded to {extent}", model([node("Expand", "x s", "y")], [value("x", F, [1, 1])], initializers=[ints("s", extent, extent)]), "")
    add(f"tiled {extent} times", model([node("Tile", "x s", "y")], [X], initializers=[ints("s", extent, extent)]), "")
    add(f"padded by {extent}", model([node("Pad", "x s", "y")], [X], initializers=[ints("s", extent, extent, extent, extent)]), "")
    add(f"range of {extent}", model([node("Range", "z e o", "y")], initializers=[
        numpy_helper.from_array(np.int64(v), n) for n, v in (("z", 0), ("e", extent), ("o", 1))]), None)
    add(f"range below -{extent}", model([node("Range", "z e o", "y")], initializers=[
        numpy_helper.from_array(np.int64(v), n) for n, v in (("z", -extent), ("e", extent), ("o", 1))]), None)
    add(f"one-hot of {extent}", model([node("OneHot", "i d v", "y")], [value("i", I, [4])], initializers=[
        numpy_helper.from_array(np.int64(extent), "d"), floats("v", 0, 1)]), None)
    add(f"resized to {extent}", model([node("Resize", "x   s", "y")], [value("x", F, [1, 1, 2, 2])], initializers=[
        ints("s", 1, 1, extent, extent)]), "")
    add(f"reshaped to {extent}", model([node("Reshape", "x s", "y")], [X], initializers=[ints("s", extent, extent)]), "")
    add(f"kernel of {extent}", model([node("MaxPool", "x", "y", kernel_shape=[extent])], [value("x", F, [1, 1, 9])]), "")
    add(f"strides of {extent}", model([node("MaxPool", "x", "y", kernel_shape=[2], strides=[extent])], [value("x", F, [1, 1, 9])]), None)
    add(f"pads of {extent}", model([node("AveragePool", "x", "y", kernel_shape=[2], pads=[extent, extent])], [value("x", F, [1, 1, 9])]), "")
    add(f"dilations of {extent}", model([node("Conv", "x w", "y", dilations=[extent])], [value("x", F, [1, 1, 9])],
                                        initializers=[tensor("w", [1, 1, 3], data=b"\0" * 12)]), "")
    add(f"loop of {extent}", model([helper.make_node("Loop", ["n", "", "x"], ["y", "z"], body=helper.make_graph(
        [node("Identity", "go", "on"), node("Add", "v v", "w"), node("Identity", "w", "s")], "g",
        [value("i", I, []), value("go", TensorProto.BOOL, []), value("v")],
        [value("on", TensorProto.BOOL, []), value("w"), value("s")]))], [X], ["y", "z"],
        initializers=[numpy_helper.from_array(np.int64(extent), "n")]), None)
    add(f"output padding of -{extent}", model([node("ConvTranspose", "x x", "y", output_padding=[-extent])], [value("x", F, [1, 1, 9])]), "output_padding")
    add(f"n-grams of {extent}", model([node("TfIdfVectorizer", "i", "y", mode="TF", min_gram_length=1, max_gram_length=extent, max_skip_count=extent,
                                            ngram_counts=[0], ngram_indexes=[0], pool_int64s=[1])], [value("i", I, [4])]), "max_skip_count")
    add(f"column {extent} of n-grams", model([node("TfIdfVectorizer", "i", "y", mode="TF", min_gram_length=1, max_gram_length=1, max_skip_count=0,
                                                   ngram_counts=[0], ngram_indexes=[extent], pool_int64s=[1])], [value("i", I, [4])]), "ngram_indexes")
    add(f"axis {extent}", model([node("Softmax", "x", "y", axis=extent)], [X]), "axis")
    add(f"top {extent}", model([node("TopK", "x k", "y i")], [X], ["y", "i"], [ints("k", extent)]), "")
    add(f"split in {extent}", model([node("Split", "x", "y", num_outputs=extent)], [X]), "")
    add(f"group {extent}", model([node("Conv", "x x", "y", group=extent)], [value("x", F, [1, 1, 9])]), "")
    add(f"hidden size {extent}", model([node("LSTM", "x w r", "y", hidden_size=extent)], [
        value("x", F, [2, 1, 2]), value("w", F, [1, 8, 2]), value("r", F, [1, 8, 2])]), None)
    add(f"element type {extent & 0x7fffffff}", model([node("Cast", "x", "y", to=extent)], [X]), "data type")
    add(f"opset {extent}", model(RELU, [X], opset=extent), "opset")
grows = [node("Tile", f"v{i} s" if i else "x s", f"v{i + 1}") for i in range(40)]
add("tiles of tiles", model(grows, [X], ["v40"], [ints("s", 1000, 1000)]), "")
constants = [node("ConstantOfShape", "s", f"c{i}") for i in range(64)] + [node("Sum", " ".join(f"c{i}" for i in range(64)), "y")]
add("64 constants of 1 GB", model(constants, initializers=[ints("s", 1 << 28)]), None)
add("constants concatenated", model(constants[:-1] + [node("Concat", " ".join(f"c{i}" for i in range(64)), "y", axis=0)],
                                    initializers=[ints("s", 1 << 28)]), None)
add("a rank of 10,000", model(RELU, [value("x", F, [1] * 10000)]), "rank")
add("a rank of 10,000 later", model([node("Reshape", "x s", "y")], [value("x", F, [1])], initializers=[ints("s", *([1] * 10000))]), "")
sparse = helper.make_sparse_tensor(floats("w", 1), ints("i", 3), [1 << 27])
bombs = model([node("Neg", "w", "y")])
for i in range(16):
    sparse.values.name = f"w{i}" if i else "w"
    bombs.graph.sparse_initializer.append(sparse)
add("16 sparse tensors of 512 MB", bombs, "sparse")

# ---- What a compiler might compute itself ----
def counting(count, *nodes, carried="w"):
    body = helper.make_graph([node("Identity", "go", "on"), *nodes], "g",
                             [value("i", I, []), value("go", TensorProto.BOOL, []), value("v")],
                             [value("on", TensorProto.BOOL, []), value(carried)])
    return model([helper.make_node("Loop", ["n", "", "c"], ["a"], body=body), node("Relu", "a", "y")],
                 initializers=[numpy_helper.from_array(np.int64(count), "n"), floats("c", 1, 2)])


add("constant loop of 1e12 iterations", counting(10**12, node("Sin", "v", "w")), None)
add("constant loop that doubles", counting(40, node("Concat", "v v", "w", axis=0)), None)
add("constant loop without end", counting((1 << 63) - 1, node("Sin", "v", "w")), None)
add("product of large constants", model([node("ConstantOfShape", "s", "a"), node("MatMul", "a a", "b"), node("MatMul", "b b", "y")],
                                        initializers=[ints("s", 4000, 4000)]), None)
add("outer product of constants", model([node("MatMul", "a b", "y")], initializers=[
    numpy_helper.from_array(np.arange(4000, dtype=np.float32).reshape(-1, 1), "a"),
    numpy_helper.from_array(np.arange(4000, dtype=np.float32).reshape(1, -1), "b")]), None)
add("constants tiled to 4 GB", model([node("Tile", "a s", "b"), node("Sin", "b", "y")], initializers=[
    floats("a", *range(1000)), ints("s", 1 << 20)]), None)

# ---- Numbers ----
for scale in (1e30, float("nan"), -1.0, 0.0, float("inf"), 1e-30):
    add(f"resized by {scale}", model([node("Resize", "x  s", "y")], [value("x", F, [1, 1, 2, 2])], initializers=[floats("s", 1, 1, scale, scale)]), "")
    add(f"resized by {scale} at run time", model([node("Resize", "x  s", "y")], [value("x", F, [1, 1, "H", "W"])], initializers=[floats("s", 1, 1, scale, scale)]), None)
    add(f"quantized by {scale}", model([node("QuantizeLinear", "x s", "y")], [X], initializers=[numpy_helper.from_array(np.float32(scale), "s")]), None)
    add(f"range of {scale}", model([node("Range", "z e o", "y")], initializers=[
        numpy_helper.from_array(np.float32(v), n) for n, v in (("z", 0), ("e", scale), ("o", 1))]), None)
add("strides of zero", model([node("MaxPool", "x", "y", kernel_shape=[2], strides=[0])], [value("x", F, [1, 1, 9])]), "")
add("negative kernel", model([node("MaxPool", "x", "y", kernel_shape=[-2])], [value("x", F, [1, 1, 9])]), "")
add("group of zero", model([node("Conv", "x x", "y", group=0)], [value("x", F, [1, 1, 9])]), "")
add("slice step of zero", model([node("Slice", "x a b c a", "y")], [X], initializers=[ints("a", 0), ints("b", 2), ints("c", 1)]), "")
add("slice by the least number", model([node("Slice", "x a b c d", "y")], [X], initializers=[
    ints("a", -(1 << 63)), ints("b", (1 << 63) - 1), ints("c", 1), ints("d", -(1 << 63))]), None)
add("division by zero", model([node("Shape", "s", "a"), node("Div", "a z", "b"), node("ConstantOfShape", "b", "y")], [value("s", F, ["N"])],
                              initializers=[ints("z", 0)]), None)
add("einsum of brackets", model([node("Einsum", "x x", "y", equation="((((,)))) -> ->")], [X]), "")
add("permutation of itself", model([node("Transpose", "x", "y", perm=[0, 0])], [X]), "twice")


# ---- Data ----
def external(**entries):
    weight = TensorProto(name="w", data_type=F, data_location=TensorProto.EXTERNAL)
    weight.dims.append(3)
    for key, text in entries.items():
        weight.external_data.add(key=key, value=str(text))
    return model([node("Neg", "w", "y")], initializers=[weight])


OUTSIDE = "outside of the model's folder"
add("data above the folder", external(location="../outside.bin"), OUTSIDE)
add("data above, the long way", external(location="sub/../../outside.bin"), OUTSIDE)
add("data by a link", external(location="link.bin"), OUTSIDE)
add("data in a linked folder", external(location="linked/outside.bin"), OUTSIDE)
add("data at an absolute path", external(location="/etc/passwd"), "relative to the model")
add("data of a device", external(location="/dev/zero"), "relative to the model")
add("data in the folder itself", external(location="."), "")
add("data of a pipe", external(location="pipe"), "no regular file")
add("data of no name", external(offset=0), "relative to the model")
add("data behind a zero byte", external(location="data.bin\0../../outside.bin"), "relative to the model")
add("data beyond the file", external(location="data.bin", offset=4), "which has 12 bytes")
add("data at 2^64", external(location="data.bin", offset=(1 << 64) - 4), "which has 12 bytes")
add("data at -1", external(location="data.bin", offset=-1), "expected a number")
add("data of length 2^63", external(location="data.bin", length=1 << 63), "bytes of external data")
add("data of length 2^64", external(location="data.bin", length=1 << 64), "expected a number")
add("too much data", model([node("Neg", "w", "y")], initializers=[tensor("w", [1], data=b"\0" * 4096)]), "4096 bytes of data")
add("data of two kinds", model([node("Neg", "w", "y")], initializers=[tensor("w", [1], data=b"\0" * 4, float_data=[1, 2, 3])]), None)


def write(name, folder):
    """Writes a model into `folder`, and what models point to there and beside it; gives its path."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "model.onnx"), "wb") as file:
        file.write(MODELS[name])
    with open(os.path.join(folder, "data.bin"), "wb") as file:
        file.write(bytes(12))
    beside = os.path.dirname(os.path.abspath(folder))
    with open(os.path.join(beside, "outside.bin"), "wb") as file:
        file.write(bytes(12))
    os.makedirs(os.path.join(folder, "sub"), exist_ok=True)
    for link, target in (("link.bin", "outside.bin"), ("linked", ".")):
        path = os.path.join(folder, link)
        if not os.path.lexists(path):
            os.symlink(os.path.join(beside, target), path)
    if not os.path.exists(os.path.join(folder, "pipe")):
        os.mkfifo(os.path.join(folder, "pipe"))
    return os.path.join(folder, "model.onnx")
