"""Parts of TensorFlow's files, for what makes some: nodes and functions as text, tables of checkpoints as bytes."""

import struct

F, B, I, S = "DT_FLOAT", "DT_BOOL", "DT_INT32", "DT_STRING"


def quoted(text):
    """A string as the text format has it."""
    return '"' + "".join(chr(c) if 32 <= c < 127 and c not in b'"\\' else f"\\{c:03o}"
                         for c in (text.encode() if isinstance(text, str) else text)) + '"'


def shape(*extents):
    return " ".join(f"dim {{ size: {extent} }}" for extent in extents)


def node(name, op, inputs="", **attributes):
    """Attributes are given as the text of their values."""
    edges = inputs.split() if isinstance(inputs, str) else inputs
    return (f"node {{ name: {quoted(name)} op: {quoted(op)} " + " ".join(f"input: {quoted(edge)}" for edge in edges) +
            "".join(f" attr {{ key: {quoted(key)} value {{ {value} }} }}" for key, value in attributes.items()) + " }\n")


def placeholder(name, dtype=F, extents=(-1,)):
    return node(name, "Placeholder", dtype=f"type: {dtype}", shape=f"shape {{ {shape(*extents)} }}")


def const(name, data, dtype=I, extents=()):
    """`data` is the text of fields of the tensor, such as "int_val: 1"."""
    return node(name, "Const", dtype=f"type: {dtype}",
                value=f"tensor {{ dtype: {dtype} tensor_shape {{ {shape(*extents)} }} {data} }}")


def function(name, nodes, arguments, results, returns):
    """`arguments` and `results` give types by name, `returns` an edge for each result."""
    def ports(kind, names):
        return " ".join(f'{kind} {{ name: "{n}" type: {t} }}' for n, t in names.items())
    ret = " ".join(f'ret {{ key: "{key}" value: "{edge}" }}' for key, edge in returns.items())
    body = "".join(one.replace("node {", "node_def {", 1) for one in nodes)
    return (f'function {{ signature {{ name: {quoted(name)} {ports("input_arg", arguments)} '
            f'{ports("output_arg", results)} }} {body} {ret} }}\n')


def unary(name, nodes, result):
    """A function of a vector x."""
    return function(name, nodes, {"x": F}, {"r": F}, {"r": result})


def library(*functions):
    return "library { " + "".join(functions) + " }\n"


def varint(number):
    text = b""
    while number > 127:
        text, number = text + bytes([number & 127 | 128]), number >> 7
    return text + bytes([number])


def field(number, data):
    """A field of bytes, as protobuf has it on the wire."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def wrapped(levels, *fields):
    """Messages inside of messages, `fields` being the numbers that each level goes through."""
    parts, size = [], 0
    for _ in range(levels):
        for number in fields:
            header = varint(number << 3 | 2) + varint(size)
            parts.append(header)
            size += len(header)
    return b"".join(reversed(parts))


def block(entries):
    """A block of a table, of (shared, rest of the key, value): one restart point, not compressed."""
    body = b"".join(varint(shared) + varint(len(rest)) + varint(len(value)) + rest + value for shared, rest, value in entries)
    return body + struct.pack("<II", 0, 1)


def table(blocks, handles=None):
    """An index in the format of LevelDB's tables; `handles` are other (offset, size) of blocks than the right ones."""
    text, right = b"", []
    for one in blocks:
        right.append((len(text), len(one)))
        text += one + bytes(5)  # kind of compression, checksum
    index = block([(0, b"\xff", varint(offset) + varint(size)) for offset, size in handles or right])
    handle = varint(len(text)) + varint(len(index))
    return text + index + bytes(5) + (b"\0\0" + handle).ljust(40, b"\0") + struct.pack("<Q", 0xdb4775248b80fb57)


def entry(dtype, extents, offset, size, shard=0):
    """Where a checkpoint keeps a tensor."""
    def number(tag, value):
        return varint(tag << 3) + varint(value % (1 << 64))
    dims = b"".join(field(2, number(1, extent)) for extent in extents)
    return number(1, dtype) + field(2, dims) + number(3, shard) + number(4, offset) + number(5, size)


ONE_SHARD = (0, b"", b"\x08\x01")  # the header of a checkpoint


def checkpoint(*tensors):
    """An index of (name, entry)."""
    return table([block([ONE_SHARD] + [(0, name.encode(), value) for name, value in tensors])])
