"""Writes the seed corpora of GraphDefs and of checkpoints. make_graph_corpus.py [FOLDER]

The graphs are those of the tests of single importers (test/Import/GraphDef), and some of functions, which those
have none of. `protoc` makes them binary.
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
TESTS = os.path.join(SOURCE, "test", "Import", "GraphDef")
FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "corpus")
sys.path.append(os.path.join(TESTS, "Inputs"))
import graph  # noqa: E402
from files import B, F, I, checkpoint, const, entry, function, library, node, placeholder, unary  # noqa: E402

X, P, N, ONE = placeholder("x"), placeholder("p", B, ()), placeholder("n", I, ()), const("one", "int_val: 1")
NEG, EXP = unary("neg", [node("y", "Neg", "x")], "y:y:0"), unary("exp", [node("y", "Exp", "x")], "y:y:0")
COUNTER = {"i": I, "v": F, "one": I}
GRAPHS = {
    "call": X + node("y", "PartitionedCall", "x", f='func { name: "neg" }') + node("z", "exp", "y") + library(NEG, EXP),
    "if": X + P + node("y", "StatelessIf", "p x", then_branch='func { name: "neg" }', else_branch='func { name: "exp" }')
    + library(NEG, EXP),
    "case": X + N + node("y", "Case", "n x", branches='list { func { name: "neg" } func { name: "exp" } }') + library(NEG, EXP),
    "while": X + N + ONE + node("w", "While", "n x one", cond='func { name: "more" }', body='func { name: "step" }')
    + node("y", "Identity", "w:1")
    + library(function("more", [node("c", "Greater", "i one")], COUNTER, {"r": B}, {"r": "c:z:0"}),
              function("step", [node("j", "Sub", "i one"), node("w", "Add", "v v")], COUNTER, {"a": I, "b": F, "c": I},
                       {"a": "j:z:0", "b": "w:z:0", "c": "one"})),
    "recursion": X + node("y", "f", "x") + library(unary("f", [node("y", "f", "x"), node("z", "f", "y:r:0")], "z:r:0")),
    "lists": X + ONE + node("e", "EmptyTensorList", "one one", element_dtype=f"type: {F}")
    + node("l", "TensorListPushBack", "e x", element_dtype=f"type: {F}")
    + node("y", "TensorListStack", "l one", element_dtype=f"type: {F}", num_elements="i: -1"),
}
BUNDLES = {
    "empty": checkpoint(),
    "two": checkpoint(("a/w", entry(1, [2, 3], 0, 24)), ("a/x", entry(9, [], 24, 8))),
    "types": checkpoint(*((f"t{t:02}", entry(t, [2], 0, 8)) for t in range(1, 24))),
    "beyond": checkpoint(("w", entry(1, [16], 32, 64)), ("x", entry(1, [2], 0, 8, 7))),
}


def sections(path):
    """The parts of a test that `split-file` makes files of."""
    with open(path, encoding="utf-8") as file:
        parts = re.split(r"^#--- (\S+)\n", file.read(), flags=re.M)
    return zip(parts[1::2], parts[2::2])


def encode(text):
    proto = os.path.join(SOURCE, "lib", "Import", "GraphDef")
    return subprocess.run(["protoc", f"--proto_path={proto}", "--encode=tfc.tensorflow.GraphDef", "tensorflow.proto"],
                          input=text.encode(), stdout=subprocess.PIPE, check=True).stdout


def write(kind, name, data):
    os.makedirs(os.path.join(FOLDER, kind), exist_ok=True)
    with open(os.path.join(FOLDER, kind, name), "wb") as file:
        file.write(data)


for test in sorted(os.listdir(TESTS)):
    stem, kind = os.path.splitext(test)
    if kind not in (".graph", ".test"):
        continue
    for part, text in sections(os.path.join(TESTS, test)):
        if kind == ".graph":
            with tempfile.NamedTemporaryFile("w", suffix=".graph") as source:
                source.write(text)
                source.flush()
                text = "".join(graph.lines(source.name))
        elif not part.endswith(".pbtxt"):
            continue
        write("graphdef", f"{stem}_{part.removesuffix('.pbtxt')}", encode(text))
for name, text in GRAPHS.items():
    write("graphdef", f"functions_{name}", encode(text))
for name, data in BUNDLES.items():
    write("bundle", name, data)
