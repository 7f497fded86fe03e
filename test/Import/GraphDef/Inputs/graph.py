"""Imports a graph and prints what becomes of it, simplified. It is given by lines such as

    x: float[?, 9, 9, 3]
    w: float[3, 3, 3, 8] = 0.5
    y, indices = MaxPoolWithArgmax(x) ksize=[1, 2, 2, 1] padding=SAME Targmax=int64

that stand for a placeholder, a constant and a node, whose second output is `indices` (that
is y:1). An attribute `@f` is the function

    function f(x: float, y: float) -> z: float
    z = Mul(x, y)
    end

and `gradient f = g` names the gradient of one. usage: graph.py FILE [OPTION OF TFC-COMPILE...]
"""

import re
import subprocess
import sys
from pathlib import Path

TYPES = {"float": "DT_FLOAT", "double": "DT_DOUBLE", "half": "DT_HALF", "int32": "DT_INT32", "int64": "DT_INT64",
         "bool": "DT_BOOL", "complex64": "DT_COMPLEX64", "string": "DT_STRING"}
FIELDS = {"DT_FLOAT": "float_val", "DT_DOUBLE": "double_val", "DT_INT32": "int_val", "DT_INT64": "int64_val",
          "DT_BOOL": "bool_val"}


def value(text):
    """An attribute: a list, a type, a function, a number, a boolean or a string."""
    if text.startswith("@"):
        return f'func {{ name: "{text[1:]}" }}'
    if text.startswith("["):
        items = [value(item) for item in text[1:-1].split(",") if item]
        return "list { " + " ".join(items) + " }"
    if text in TYPES:
        return f"type: {TYPES[text]}"
    if text in ("true", "false"):
        return f"b: {text}"
    if re.fullmatch(r"-?\d+", text):
        return f"i: {text}"
    if re.fullmatch(r"-?\d*\.\d*(e-?\d+)?", text):
        return f"f: {text}"
    return f's: "{text}"'


def shape(text):
    return " ".join(f"dim {{ size: {-1 if extent == '?' else extent} }}" for extent in text.split(",") if extent)


def node(name, op, inputs, attributes):
    parts = [f'name: "{name}" op: "{op}"', *(f'input: "{edge}"' for edge in inputs)]
    parts += [f'attr {{ key: "{key}" value {{ {text} }} }}' for key, text in attributes]
    return "node { " + " ".join(parts) + " }\n"


def arguments(text, field):
    pairs = (part.split(":") for part in text.split(","))
    return " ".join(f'{field} {{ name: "{name.strip()}" type: {TYPES[kind.strip()]} }}' for name, kind in pairs)


def lines(path):
    edges, library, body = {}, [], None
    for text in statements(path):
        if head := re.fullmatch(r"function (\w+)\((.*)\) -> (\w+): (\w+)", text):
            name, given, result, kind = head.groups()
            signature = f'name: "{name}" {arguments(given, "input_arg")} {arguments(f"{result}:{kind}", "output_arg")}'
            body = [f'function {{ signature {{ {signature} }} ret {{ key: "{result}" value: "{result}:0" }}']
        elif text == "end":
            library.append(" ".join(body) + " }")
            body = None
        elif pair := re.fullmatch(r"gradient (\w+)=(\w+)", text):
            library.append('gradient {{ function_name: "{}" gradient_func: "{}" }}'.format(*pair.groups()))
        elif body is not None:
            body.append(statement(text, edges).replace("node {", "node_def {", 1))
        else:
            yield statement(text, edges)
    if library:
        yield "library { " + " ".join(library) + " }"


def statements(path):
    for line in open(path, encoding="utf-8"):
        text = re.sub(r"\s*([,=(\[])\s*|\s+(\])", r"\1\2", line.split("#")[0]).strip()
        if text:
            yield text


def statement(text, edges):
    if typed := re.fullmatch(r"(\w+): (\w+)\[(.*?)\](?:=(.*))?", text):
        name, kind, extents, numbers = typed.groups()
        dtype = TYPES[kind]
        if numbers is None:
            return node(name, "Placeholder", [], [("dtype", f"type: {dtype}"), ("shape", f"shape {{ {shape(extents)} }}")])
        data = " ".join(f"{FIELDS[dtype]}: {number}" for number in numbers.strip("[]").split(",") if number)
        tensor = f"tensor {{ dtype: {dtype} tensor_shape {{ {shape(extents)} }} {data} }}"
        return node(name, "Const", [], [("dtype", f"type: {dtype}"), ("value", tensor)])
    outputs, op, inputs, attributes = re.fullmatch(r"([\w,]+)=(\w+)\((.*?)\)(.*)", text).groups()
    names = outputs.split(",")
    edges.update({output: f"{names[0]}:{i}" for i, output in enumerate(names) if i})
    pairs = [pair.split("=", 1) for pair in attributes.split()]
    return node(names[0], op, [edges.get(edge, edge) for edge in inputs.split(",") if edge],
               [(key, value(text)) for key, text in pairs])


def main():
    graph, result = Path(sys.argv[1] + ".pbtxt"), Path(sys.argv[1] + ".mlir")
    graph.write_text("".join(lines(sys.argv[1])), encoding="utf-8")
    command = ["tfc-compile", graph, "--verify-each", "--stop-after=simplify", "-o", result, *sys.argv[2:]]
    if status := subprocess.run(command).returncode:
        sys.exit(status)
    print(result.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
