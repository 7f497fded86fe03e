"""Stateless random operators against TensorFlow's bits.

    stateless.py record         prints what TensorFlow gives, as stateless.json beside this file has it; needs TensorFlow
    stateless.py check PREFIX   compiles the cases to PREFIX.so, runs them and compares with that
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
RECORDED = HERE / "stateless.json"
sys.path.insert(0, str(HERE.parents[1] / "Import" / "GraphDef" / "Inputs"))
from files import I, const, node  # noqa: E402

L = "DT_INT64"
FLOATS = ("DT_FLOAT", "DT_DOUBLE", "DT_HALF", "DT_BFLOAT16")
# Kind, element type, extents, seed.
CASES = [
    *((kind, dtype, extents, seed) for kind in ("Uniform", "Normal") for dtype in FLOATS
      for extents, seed in (((7,), (1, 2)), ((3, 5), (-4, 1 << 40)))),
    *(("TruncatedNormal", dtype, (9,), (3, 4)) for dtype in FLOATS),
    *(("UniformInt", dtype, extents, seed) for dtype in (I, L) for extents, seed in (((7,), (5, 6)), ((), (7, -8)))),
    *(("UniformFullInt", dtype, (5,), (9, 10)) for dtype in (I, L, "DT_UINT32", "DT_UINT64")),
]
FIELDS = {I: "int_val", L: "int64_val"}


def graph():
    """The text of a GraphDef, and its edges to fetch by name."""
    nodes, fetches = [], {}
    for kind, dtype, extents, seed in CASES:
        name = f"{kind}_{dtype[3:].lower()}_{'x'.join(map(str, extents)) or 'scalar'}"
        nodes += [const(f"{name}/shape", " ".join(f"int_val: {extent}" for extent in extents), I, (len(extents),)),
                  const(f"{name}/seed", " ".join(f"int64_val: {number}" for number in seed), L, (2,)),
                  node(f"{name}/key", "StatelessRandomGetKeyCounter", f"{name}/seed", Tseed=f"type: {L}"),
                  const(f"{name}/algorithm", "int_val: 1")]
        limits = []
        if kind == "UniformInt":
            limits = [f"{name}/low", f"{name}/high"]
            nodes += [const(limits[0], f"{FIELDS[dtype]}: -1000", dtype), const(limits[1], f"{FIELDS[dtype]}: 123457", dtype)]
        op = f"Stateless{'' if kind.startswith('Truncated') else 'Random'}{kind}"
        for version, sources in (("", [f"{name}/seed"]), ("V2", [f"{name}/key", f"{name}/key:1", f"{name}/algorithm"])):
            types = {"dtype": f"type: {dtype}", ("Tshape" if version else "T"): f"type: {I}"}
            if not version:
                types["Tseed"] = f"type: {L}"
            nodes.append(node(name + version, op + version, [f"{name}/shape", *sources, *limits], **types))
            fetches[name + version] = name + version
    return "".join(nodes), list(fetches)


def record():
    import tensorflow as tf
    from google.protobuf import text_format
    text, fetches = graph()
    definition = text_format.Parse(text, tf.compat.v1.GraphDef())
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tf.import_graph_def(definition, name="")
        values = session.run([f"{name}:0" for name in fetches])
    print(json.dumps({"made by": "stateless.py record", "TensorFlow": tf.__version__,
                      "bytes": {name: value.tobytes().hex() for name, value in zip(fetches, values)}}, indent=0))


def check(prefix):
    sys.path.insert(0, str(HERE.parents[1] / "Conformance"))
    from common.abi import CompiledModel
    expected = json.loads(RECORDED.read_text())["bytes"]
    text, fetches = graph()
    Path(prefix + ".pbtxt").write_text(text)
    subprocess.run(["tfc-compile", prefix + ".pbtxt", "-o", prefix + ".so", "--step", f"main: fetches={','.join(fetches)}"],
                   check=True)
    with CompiledModel(prefix + ".so") as model:
        wrong = [name for name, value in model.run({}, model.step("main")).items() if value.tobytes().hex() != expected.pop(name)]
    print(f"{len(wrong)} differ {' '.join(wrong)}, {len(expected)} missing")


if sys.argv[1] == "record":
    record()
else:
    check(sys.argv[2])
