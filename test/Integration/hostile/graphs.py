"""Graphs of TensorFlow that mean harm, each a few lines: what a compiler must refuse, or survive.

`CASES` maps a name to (expected, options), `expected` being a part of the error, or None where the graph is
merely unusual and may compile. `write` writes one.
"""
import os
import random
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TEST = os.path.dirname(os.path.dirname(HERE))
sys.path.append(os.path.join(TEST, "Import", "GraphDef", "Inputs"))
from files import (B, F, I, ONE_SHARD, S, block, checkpoint, const, entry, field, function, library, node, placeholder,  # noqa: E402
                   quoted, shape, table, unary, wrapped)

from damage import flipped  # noqa: E402

L = "DT_INT64"
FILES, CASES = {}, {}


def add_files(name, files, expected, *options):
    """`files` are bytes or a function that makes something else, by path; the first is the graph, or one in it."""
    FILES[name], CASES[name] = files, (expected, options)


def add(name, graph, expected, *steps):
    """A graph as text, or as the bytes of a GraphDef."""
    path = "model.pb" if isinstance(graph, bytes) else "model.pbtxt"
    add_files(name, {path: graph if isinstance(graph, bytes) else graph.encode()}, expected,
              *(word for step in steps for word in ("--step", step)))


X = placeholder("x")
GOOD = X + node("y", "Neg", "x")
CYCLE = "is part of a cycle that is no loop"

# ---- The file ----
add("empty", b"", "is no GraphDef")
add("empty text", "", "is no GraphDef")
add("no text", "node { name: }", "is no GraphDef")
for seed in ("functions_while", "control_loop", "convolution_same", "state_queue", "linalg_solve"):
    with open(os.path.join(TEST, "Fuzz", "corpus", "graphdef", seed), "rb") as file:
        data = file.read()
    for length in range(3, len(data), max(1, len(data) // 9)):
        add(f"{seed} truncated to {length}", data[:length], None)
    for i, wrong in enumerate(flipped(data, 12)):
        add(f"{seed} flipped {i}", wrong, None)
add("noise", random.Random(1).randbytes(4096), "is no GraphDef")
add("length beyond the end", b"\x0a\xff\xff\xff\xff\x07" + bytes(64), "is no GraphDef")
add("10,000 nested functions of attributes", field(1, field(5, field(2, wrapped(10000, 2, 2, 9, 1)))), "is no GraphDef")
add("10,000 nested lists as text", 'node { name: "n" op: "NoOp" attr { key: "a" value ' + '{ func { attr { key: "a" value ' * 5000 +
    "{ i: 1 } " + "} } }" * 5000 + "} }", "is no GraphDef")

# ---- Names ----
for what, text in (("quotes", "a\"b'c"), ("newlines", "a\nb\r"), ("a zero byte", "a\0b"), ("no text", b"\xff\xfe\x1b"),
                   ("a comment's end", "*/ #error /*"), ("a path", "../../etc/passwd"), ("percents", "%s%n{}"), ("colons", "a:b:c")):
    add(f"names of {what}", placeholder("x", F, (2,)) + node(text, "Neg", "x") + node("z", "Neg", [text]), None)
    add(f"a placeholder of {what}", placeholder(text, F, (2,)) + node("z", "Neg", [text]), None)
    add(f"an operator of {what}", X + node("y", text, "x"), "")
    add(f"a variable of {what}", node(text, "VariableV2", dtype=f"type: {F}", shape=f"shape {{ {shape(2)} }}") + node("y", "Neg", [text]), None)
    add_files(f"a signature of {what}", {"model.meta": (
        b"" + field(2, field(1, field(1, b"y") + field(2, b"Const") + field(5, field(1, b"value") + field(2, field(8, b"\x08\x03\x3a\x01\x01"))))) +
        field(5, field(1, text.encode() if isinstance(text, str) else text) + field(2, field(2, field(1, b"r") + field(2, field(1, b"y:0"))))))}, None)
add("a name of 1 MB", placeholder("x", F, (2,)) + node("y" * (1 << 20), "Neg", "x"), None)
add("no name", X + node("", "Neg", "x"), "without a name")
add("two of one name", X + X, "twice")
add("200,000 unknown nodes", X + "".join(node(f"v{i}", "Nonsense", "x") for i in range(100_000)), "is not supported")

# ---- Edges ----
add("cycle", X + node("y", "Add", "x z") + node("z", "Neg", "y") + node("r", "Neg", "z"), CYCLE)
add("cycle of one", X + node("y", "Add", "x y") + node("r", "Neg", "y"), CYCLE)
add("cycle of control edges", X + node("y", "Neg", "x ^z") + node("z", "Neg", "x ^y") + node("r", "Add", "y z"), CYCLE)
add("control edge to itself", X + node("y", "Neg", "x ^y") + node("r", "Neg", "y"), CYCLE)
add("cycle through Merge", X + node("m", "Merge", "x y") + node("y", "Neg", "m") + node("r", "Neg", "m"), CYCLE)
add("cycle through Identity as a predicate", X + node("i", "Identity", "i") + node("s", "Switch", "x i") + node("r", "Neg", "s"), CYCLE)
add("an edge of nothing", X + node("y", "Neg", "nothing"), "which is no node")
add("a control edge to nothing", X + node("y", "Neg", "x ^nothing"), "which is no node")
add("an empty edge", X + node("y", "Neg", [""]), "which is no node")
for port in ("1", "7", "-1", "2147483647", "4294967296", "99999999999999999999", "x"):
    for name, op, inputs in (("Neg", "Neg", "x"), ("Switch", "Switch", "x p"), ("Merge", "Merge", "s s:1"), ("Split", "Split", "a x"),
                             ("placeholder", "Placeholder", "")):
        extra = X + placeholder("p", B, ()) + node("s", "Switch", "x p") + const("a", "int_val: 0")
        if op == "Switch" and port == "1":
            continue
        attributes = {"num_split": "i: 2"} if op == "Split" else {"dtype": f"type: {F}", "shape": "shape { }"}
        add(f"port {port} of {name}", extra + node("n", op, inputs, **attributes) + node("r", "Neg", f"n:{port}"),
            None if op in ("Split", "Merge") and port == "1" else "")
    add(f"feed of port {port}", GOOD, None if port == "1" else "", f"main: feeds=x:{port} fetches=y")
    add(f"fetch of port {port}", GOOD, "", f"main: feeds=x fetches=y:{port}")
for step in ("", ":", "main", "main: ", "main: x", "main: fetches=", "main: fetches=nothing", "main: targets=^y", "main: feeds=x,x fetches=y",
             "main: fetches=y,y", "*/: feeds=x fetches=y", "a\nb: feeds=x fetches=y", "main: feeds=y fetches=y", "main: feeds=x targets=x,x,y"):
    add(f"step {step!r}", GOOD, None, step)
add("deep chain", X + "".join(node(f"v{i + 1}", "Neg", f"v{i}" if i else "x") for i in range(6000)), None)
add("deep chain of control edges", X + "".join(node(f"v{i + 1}", "Neg", ["x", f"^v{i}"] if i else "x") for i in range(6000)), None)
add("deep chain of Identity", X + "".join(node(f"v{i + 1}", "Identity", f"v{i}" if i else "x") for i in range(20000)), None)
add("20,000 inputs", X + node("y", "AddN", ["x"] * 20_000, N="i: 20000"), None)
add("sizes that double", X + node("v0", "Shape", "x") + "".join(node(f"v{i + 1}", "Add", f"v{i} v{i}") for i in range(200)) +
    const("one", "float_val: 1", F) + node("y", "Fill", "v200 one"), None)
add("concatenations that double", placeholder("x", F, (2,)) + const("a", "int_val: 0") + "".join(
    node(f"v{i + 1}", "ConcatV2", [f"v{i}" if i else "x"] * 2 + ["a"], N="i: 2") for i in range(80)), "")

# ---- Control flow as nodes ----
P = placeholder("p", B, ())
add("Switch without inputs", node("s", "Switch") + node("r", "Neg", "s"), "expected 2")
add("Merge without inputs", node("m", "Merge") + node("r", "Neg", "m"), "expected 1")
add("Merge of 3", X + P + node("s", "Switch", "x p") + node("m", "Merge", "s s:1 s") + node("r", "Neg", "m"), "expected 2")
add("Merge of both and itself", X + P + node("s", "Switch", "x p") + node("m", "Merge", "s m") + node("r", "Neg", "m"), CYCLE)
add("Exit of no loop", X + node("e", "Exit", "x") + node("r", "Neg", "e"), "that it is not in")
add("NextIteration of no loop", X + node("e", "NextIteration", "x") + node("r", "Neg", "e"), None)
add("Enter of no loop", X + node("e", "Enter", "x", frame_name='s: "f"') + node("r", "Neg", "e"), "")
add("LoopCond of no loop", P + node("e", "LoopCond", "p") + node("r", "LogicalNot", "e"), "")


def loop(name, source, frame, body=lambda name, edge: (node(f"{name}b", "Neg", edge), f"{name}b")):
    """A loop on `source` while p; its result is NAMEx."""
    text, last = body(name, f"{name}i")
    return (node(f"{name}e", "Enter", source, frame_name=f"s: {quoted(frame)}") +
            node(f"{name}p", "Enter", "p", frame_name=f"s: {quoted(frame)}", is_constant="b: true") +
            node(f"{name}m", "Merge", f"{name}e {name}n") + node(f"{name}c", "LoopCond", f"{name}p") +
            node(f"{name}s", "Switch", f"{name}m {name}c") + node(f"{name}i", "Identity", f"{name}s:1") + text +
            node(f"{name}n", "NextIteration", last) + node(f"{name}x", "Exit", f"{name}s"))


add("loop", X + P + loop("l", "x", "f") + node("r", "Neg", "lx"), None)
add("two loops of one frame", X + P + loop("k", "x", "f") + loop("l", "x", "f") + node("r", "Add", "kx lx"), "")
add("loop that enters itself", X + P + loop("l", "lx", "f") + node("r", "Neg", "lx"), CYCLE)
add("loop without condition", X + node("e", "Enter", "x", frame_name='s: "f"') + node("m", "Merge", "e n") + node("n", "NextIteration", "m") +
    node("r", "Exit", "m"), "")
add("loop with two conditions", X + P + loop("l", "x", "f").replace('op: "Identity"', 'op: "LoopCond"') + node("r", "Neg", "lx"), "")
add("150 loops in a row", X + P + "".join(loop(f"l{i}_", f"l{i - 1}_x" if i else "x", f"f{i}") for i in range(150)), None)


def nested(depth):
    def body(name, edge):
        if len(name) > depth:
            return node(f"{name}b", "Neg", edge), f"{name}b"
        return loop(name + "l", edge, "f" + name, body).replace('input: "p"', f'input: "{name}p"', 1), f"{name}lx"
    return X + P + loop("l", "x", "f", body)


add("20 nested loops", nested(20), None)
add("100 nested loops", nested(100), "")
add("loop without Enter", X + P + loop("l", "x", "f").replace('input: "le" ', "") + node("r", "Neg", "lx"), "joins no Enter and NextIteration")
add("1,000 choices, each in the last", X + P + "".join(
    node(f"s{i}", "Switch", [f"s{i - 1}:1" if i else "x", f"p{i}"]) + placeholder(f"p{i}", B, ()) for i in range(1000)) + node("r", "Neg", "s999:1"), "64 choices deep")
add("3,000 choices of one predicate", X + P + "".join(
    node(f"s{i}", "Switch", f"m{i - 1} p" if i else "x p") + node(f"m{i}", "Merge", f"s{i} s{i}:1") for i in range(3000)), None)

# ---- Functions ----
NEG = unary("f0", [node("y", "Neg", "x")], "y:y:0")
add("function that calls itself", X + node("y", "f", "x") + library(unary("f", [node("y", "f", "x")], "y:r:0")), "expected no recursion")
add("function that calls itself twice", X + node("y", "f", "x") + library(
    unary("f", [node("y", "f", "x"), node("z", "f", "y:r:0")], "z:r:0")), "expected no recursion")
add("function that calls itself by attribute", X + node("y", "PartitionedCall", "x", f='func { name: "f" }') + library(
    unary("f", [node("y", "PartitionedCall", "x", f='func { name: "f" }')], "y:output:0")), "expected no recursion")
add("functions that call each other", X + node("y", "f", "x") + library(
    unary("f", [node("y", "g", "x")], "y:r:0"), unary("g", [node("y", "f", "x")], "y:r:0")), "expected no recursion")
COUNT = {"i": I, "x": F}
add("loop whose body is itself", X + const("i", "int_val: 3") + node("w", "While", "i x", cond='func { name: "c" }', body='func { name: "b" }') +
    node("r", "Identity", "w:1") + library(
    function("c", [node("z", "Less", "i i")], COUNT, {"r": B}, {"r": "z:z:0"}),
    function("b", [node("w", "While", "i x", cond='func { name: "c" }', body='func { name: "b" }')], COUNT, {"j": I, "y": F},
             {"j": "w:output:0", "y": "w:output:1"})), "")
add("branch that is itself", X + P + node("r", "If", "p p x", then_branch='func { name: "f" }', else_branch='func { name: "f" }') + library(
    function("f", [node("y", "If", "p p x", then_branch='func { name: "f" }', else_branch='func { name: "f" }')], {"p": B, "x": F}, {"r": F},
             {"r": "y:output:0"})), "")
LAUGHS = [NEG] + [unary(f"f{i}", [node("a", f"f{i - 1}", "x"), node("b", f"f{i - 1}", "a:r:0")], "b:r:0") for i in range(1, 60)]
add("functions that double", X + node("y", "f59", "x") + library(*LAUGHS), "nodes")
add("10,000 functions in a chain", X + node("y", "f9999", "x") + library(
    NEG, *(unary(f"f{i}", [node("a", f"f{i - 1}", "x")], "a:r:0") for i in range(1, 10000))), "deep")
add("function of one name", GOOD + library(NEG, NEG), None)
add("function of an operator's name", X + node("y", "Neg", "x") + library(unary("Neg", [node("y", "Neg", "x")], "y:y:0")), None)
add("function of nothing", X + node("y", "PartitionedCall", "x", f='func { name: "nothing" }'), "which the graph does not have")
add("call of no function", X + node("y", "PartitionedCall", "x"), "has no function")
add("function without result", X + node("y", "f", "x") + node("r", "Neg", "y") + library(function("f", [], {"x": F}, {"r": F}, {})), "has no result")
add("function that returns nothing's result", X + node("y", "f", "x") + library(unary("f", [], "q:y:0")), "does not define")
add("function with a cycle", X + node("y", "f", "x") + library(unary("f", [node("a", "Neg", "b:y:0"), node("b", "Neg", "a:y:0")], "b:y:0")), CYCLE)
add("function of two arguments of one name", X + node("y", "f", "x") + library(
    NEG.replace('"f0"', '"f"').replace("input_arg", 'input_arg { name: "x" type: DT_FLOAT } input_arg')), "twice")
for count in (0, 2, 1000):
    add(f"call with {count} arguments", X + node("y", "f0", ["x"] * count) + library(NEG), "arguments")
for port in ("y:y:7", "y:y:-1", "y:y:2147483647", "y:nothing:0", "y:y:0:0", "x:1", "^x", ""):
    add(f"function that returns {port!r}", X + node("y", "f", "x") + library(unary("f", [node("y", "Neg", "x")], port)), None if "nothing" in port else "")

# ---- Sizes ----
for extent in (1 << 31, (1 << 63) - 1, 1 << 62, 1 << 40, -1, -2, -(1 << 63)):
    sizes = const("s", f"int64_val: {extent} int64_val: {extent}", L, (2,))
    one, number = const("one", "float_val: 1", F), const("n", f"int64_val: {extent}", L)
    add(f"placeholder of {extent} twice", placeholder("x", F, (extent, extent)) + node("y", "Neg", "x"), None if extent < 0 else "")
    add(f"constant of {extent}", const("w", "float_val: 1", F, (extent,)) + node("y", "Neg", "w"), None if extent in (1 << 31, 1 << 40) else "")
    add(f"constant of {extent} with content", const("w", 'tensor_content: "12345678"', F, (extent,)) + node("y", "Neg", "w"), "")
    add(f"constant of {extent} without elements", const("w", "", F, (extent, 0)) + node("y", "Neg", "w"), None)
    add(f"strings of {extent}", const("w", 'string_val: "a"', S, (extent,)) + node("y", "Identity", "w"), None)
    add(f"filled with {extent}", sizes + one + node("y", "Fill", "s one"), None if extent < 0 else "")
    add(f"variable of {extent}", node("v", "VariableV2", dtype=f"type: {F}", shape=f"shape {{ {shape(extent, extent)} }}") + node("y", "Neg", "v"), None)
    add(f"reshaped to {extent}", X + sizes + node("y", "Reshape", "x s"), None)
    add(f"broadcast to {extent}", placeholder("x", F, (1, 1)) + sizes + node("y", "BroadcastTo", "x s"), "")
    add(f"tiled {extent} times", placeholder("x", F, (2, 3)) + sizes + node("y", "Tile", "x s"), "")
    add(f"sliced at {extent}", placeholder("x", F, (2, 3)) + sizes + node("y", "Slice", "x s s"), "")
    add(f"padded by {extent}", placeholder("x", F, (2,)) + const("s", f"int64_val: {extent} int64_val: {extent}", L, (1, 2)) + node("y", "Pad", "x s"), None if extent == 1 << 31 else "")
    add(f"range of {extent}", number + const("z", "int64_val: 0", L) + const("o", "int64_val: 1", L) + node("y", "Range", "z n o"), None)
    add(f"one-hot of {extent}", placeholder("i", L, (4,)) + const("n", f"int_val: {extent % (1 << 31)}") + one + node("y", "OneHot", "i n one one", axis="i: -1"), None)
    add(f"top {extent}", X + number + node("y", "TopKV2", "x n"), None)
    add(f"axis {extent}", X + number + node("y", "Sum", "x n"), None if extent == -1 else "")
    for op, attributes in (("Split", {"num_split": f"i: {extent}"}), ("Unpack", {"num": f"i: {extent}"}),
                           ("Pack", {"N": f"i: {extent}", "axis": f"i: {extent}"}), ("AddN", {"N": f"i: {extent}"})):
        add(f"{op} of {extent}", X + const("a", "int_val: 0") + node("y", op, "a x" if op == "Split" else "x", **attributes), None)
    image = placeholder("x", F, (1, 9, 9, 1)) + const("w", "float_val: 1", F, (3, 3, 1, 1))
    for key in ("ksize", "strides", "dilations", "explicit_paddings"):
        for op, inputs in (("MaxPool", "x"), ("AvgPool", "x"), ("Conv2D", "x w"), ("DepthwiseConv2dNative", "x w")):
            attributes = {"ksize": "list { i: [1, 2, 2, 1] }", "strides": "list { i: [1, 1, 1, 1] }", "padding": 's: "VALID"', "T": f"type: {F}"}
            attributes[key] = f"list {{ i: [1, {extent}, {extent}, 1] }}"
            add(f"{key} of {extent} in {op}", image + node("y", op, inputs, **attributes), None)
    add(f"queue of {extent}", X + node("q", "FIFOQueueV2", capacity=f"i: {extent}", component_types=f"list {{ type: {F} }}") +
        node("e", "QueueEnqueueV2", "q x"), None, "main: feeds=x targets=e")
    add(f"queue of components of {extent}", placeholder("x", F, (2,)) + node("q", "FIFOQueueV2", component_types=f"list {{ type: {F} }}",
        shapes=f"list {{ shape {{ {shape(extent)} }} }}") + node("e", "QueueEnqueueV2", "q x"), None, "main: feeds=x targets=e")
    add(f"array of {extent}", X + const("n", f"int_val: {extent % (1 << 31)}") + node("a", "TensorArrayV3", "n", dtype=f"type: {F}") +
        node("i", "TensorArrayWriteV3", "a n x a:1") + node("y", "TensorArrayReadV3", "a n i", dtype=f"type: {F}"), None)
    add(f"random numbers of {extent}", sizes + const("k", "int64_val: 1 int64_val: 2", L, (2,)) + node("y", "StatelessRandomUniform", "s k", dtype=f"type: {F}"), None)
    add(f"segments of {extent}", placeholder("x", F, (4,)) + placeholder("i", L, (4,)) + number + node("y", "UnsortedSegmentSum", "x i n"), None)
    add(f"resized to {extent}", placeholder("x", F, (1, 2, 2, 1)) + const("n", f"int_val: {extent % (1 << 31)} int_val: {extent % (1 << 31)}", I, (2,)) +
        node("y", "ResizeBilinear", "x n"), None)
    add(f"input shape {extent}", GOOD, None)
    CASES[f"input shape {extent}"] = (None, ["--input-shape", f"x={extent}x{extent}x{extent}"])
for count, bytes_ in ((4, 12), (4, 20), (4, 0), (0, 4), (1, 3)):
    add(f"{bytes_} bytes for {count} numbers", const("w", f"tensor_content: {quoted(bytes(bytes_))}", F, (count,)) + node("y", "Neg", "w"),
        None if bytes_ == 0 else "")
add("5 numbers for 4", const("w", "float_val: 1 " * 5, F, (4,)) + node("y", "Neg", "w"), "5 elements")
add("numbers of another type", const("w", "int_val: 1 int_val: 2", F, (2,)) + node("y", "Neg", "w"), None)
add("300 strings for 3", const("w", 'string_val: "a" ' * 300, S, (3,)) + node("y", "Identity", "w"), None)
add("a constant of no type", node("w", "Const", value="tensor { }") + node("y", "Neg", "w"), "")
add("a constant of no value", node("w", "Const", dtype=f"type: {F}") + node("y", "Neg", "w"), "")
for dtype in ("DT_RESOURCE", "DT_VARIANT", "DT_FLOAT_REF", "DT_INVALID", "9999"):
    add(f"a placeholder of {dtype}", placeholder("x", dtype, (2,)) + node("y", "Neg", "x"), None)
    add(f"a constant of {dtype}", const("w", "float_val: 1", dtype, (2,)) + node("y", "Neg", "w"), None if "REF" in dtype else "")
add("a rank of 10,000", placeholder("x", F, [1] * 10000) + node("y", "Neg", "x"), "dimensions")
add("a rank of 10,000 later", placeholder("x", F, (1,)) + const("s", "int_val: 1", I, (10000,)) + node("y", "Reshape", "x s"), "")
add("64 constants of 1 GB", "".join(const(f"c{i}", "float_val: 1", F, (1 << 28,)) for i in range(64)) +
    node("y", "AddN", [f"c{i}" for i in range(64)]), None)
add("a constant of 1 GB of two numbers", const("c", "float_val: 1 float_val: 2", F, (1 << 28,)) + node("y", "Neg", "c"), "few elements")
add("12 constants of 800 MB of two numbers", "".join(const(f"c{i}", "float_val: 1 float_val: 2", F, (50_000_000,)) for i in range(12)) +
    node("y", "AddN", [f"c{i}" for i in range(12)]), "")
add("einsum of brackets", X + node("y", "Einsum", "x x", equation='s: "((((,)))) -> ->"'), "")
add("einsum of nothing", X + node("y", "Einsum", "x", equation='s: ""'), "")
add("constant loop without end", const("i", "int_val: 3") + const("f", "float_val: 3", F) + node(
    "w", "While", "i f", cond='func { name: "c" }', body='func { name: "b" }') + node("r", "Identity", "w:1") + library(
    function("c", [node("z", "Equal", "i i")], COUNT, {"r": B}, {"r": "z:z:0"}),
    function("b", [node("z", "Sin", "x")], COUNT, {"j": I, "y": F}, {"j": "i", "y": "z:y:0"})), None)

# ---- Checkpoints ----
VARIABLE = (node("v", "VarHandleOp", dtype=f"type: {F}", shape=f"shape {{ {shape(2)} }}", shared_name='s: "v"') +
            node("y", "ReadVariableOp", "v", dtype=f"type: {F}") + const("file", 'string_val: "f"', S) + const("names", 'string_val: "w"', S, (1,)) +
            node("restored", "RestoreV2", "file names names", dtypes=f"list {{ type: {F} }}") + node("assign", "AssignVariableOp", "v restored"))
INDEX, DATA = "m/variables/variables.index", "m/variables/variables.data-00000-of-00001"


def saved(name, index, expected, graph=VARIABLE, **files):
    text = "meta_graphs { graph_def { %s } }" % graph
    add_files(name, {"m/saved_model.pbtxt": text.encode(), INDEX: index, DATA: bytes(16), **files}, expected, "--step", "main: fetches=y")


RIGHT = checkpoint(("w", entry(1, [2], 0, 8)))
saved("checkpoint", RIGHT, None)
saved("empty index", b"", "is no index")
for length in range(1, len(RIGHT), 9):
    saved(f"index truncated to {length}", RIGHT[:length], "is no index")
for i, wrong in enumerate(flipped(RIGHT, 40)):
    saved(f"index flipped {i}", wrong, None)
for what, wrong in (("offset -1", entry(1, [2], -1, 8)), ("offset 2^63 - 1", entry(1, [2], (1 << 63) - 1, 8)), ("beyond the file", entry(1, [2], 12, 8)),
                    ("size -1", entry(1, [2], 0, -1)), ("size 0", entry(1, [2], 0, 0)), ("size 2^62", entry(1, [1 << 60], 0, 1 << 62)),
                    ("extents -1", entry(1, [-1], 0, 8)), ("extents 2^62", entry(1, [1 << 62, 4], 0, 16)), ("strings", entry(7, [2], 0, 8)),
                    ("type 999", entry(999, [2], 0, 8)), ("another shape", entry(1, [4], 0, 16)), ("another type", entry(9, [1], 0, 8)),
                    ("shard 1", entry(1, [2], 0, 8, 1)), ("shard -1", entry(1, [2], 0, 8, -1)), ("shard 2^31 - 1", entry(1, [2], 0, 8, (1 << 31) - 1)),
                    ("shard -2^31", entry(1, [2], 0, 8, -(1 << 31)))):
    saved(f"tensor of {what}", checkpoint(("w", wrong)), "")
saved("no such tensor", checkpoint(("../w", entry(1, [2], 0, 8))), "has no tensor")
saved("a big-endian checkpoint", table([block([(0, b"", b"\x08\x01\x10\x01"), (0, b"w", entry(1, [2], 0, 8))])]), "big-endian")
saved("2^31 - 1 shards", table([block([(0, b"", b"\x08\xff\xff\xff\xff\x07"), (0, b"w", entry(1, [2], 0, 8))])]), "cannot read")
LONG = block([ONE_SHARD, (0, b"n" * 100_000, b"")] + [(100_000 - 4, b"%04d" % i, b"") for i in range(9999)])
saved("names of 1 GB", table([LONG]), "is no index")
MANY = block([ONE_SHARD] + [(0, b"n%05d" % i, b"") for i in range(20_000)])
saved("a block 10,000 times", table([MANY], [(0, len(MANY))] * 10_000), "is no index")
saved("no data", RIGHT, "cannot read", **{DATA: None})
saved("data of a pipe", RIGHT, "no regular file", **{DATA: os.mkfifo})
saved("data of a folder", RIGHT, "no regular file", **{DATA: os.mkdir})
saved("data of a device", RIGHT, "no regular file", **{DATA: lambda path: os.symlink("/dev/zero", path)})
saved("an index of a pipe", os.mkfifo, "no regular file")
saved("restoring that doubles", RIGHT, None, VARIABLE + node("c", "PartitionedCall", "", f='func { name: "f" }') + library(
    function("f", [node(f"n{i}", "PartitionedCall", "", f='func { name: "f" }') for i in range(8)], {}, {}, {})))
add_files("a saved model of a pipe", {"m/saved_model.pb": os.mkfifo}, "no regular file")
add_files("a saved model without graphs", {"m/saved_model.pbtxt": b"saved_model_schema_version: 1"}, "is no SavedModel")


def write(name, folder):
    """Writes a graph into `folder`, which it empties; gives its path."""
    shutil.rmtree(folder, ignore_errors=True)
    files = FILES[name]
    for path, content in files.items():
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        if callable(content):
            content(full)
        elif content is not None:
            with open(full, "wb") as file:
                file.write(content)
    first = next(iter(files))
    return os.path.join(folder, first.split("/")[0])
