"""Saves a model's variables, reads the file with nothing but Python's json, changes it, and restores it.

Usage: checkpoint.py MODEL.so FILE
"""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Conformance"))
from common.abi import CompiledModel  # noqa: E402

DTYPES = {"F32": np.float32, "I64": np.int64}


def load(path):
    content = path.read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:end])
    print("metadata:", header.pop("__metadata__"))
    return {name: np.frombuffer(content[end + entry["data_offsets"][0]:end + entry["data_offsets"][1]],
                                DTYPES[entry["dtype"]]).reshape(entry["shape"]) for name, entry in header.items()}


def store(path, values):
    names = {dtype: name for name, dtype in DTYPES.items()}
    header, data = {}, b""
    for name, value in values.items():
        end = len(data) + value.nbytes
        header[name] = {"dtype": names[value.dtype.type], "shape": list(value.shape), "data_offsets": [len(data), end]}
        data += value.tobytes()
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def main():
    path = Path(sys.argv[2])
    with CompiledModel(sys.argv[1]) as model:
        library = model._library

        def call(function):
            print(f"{function}:", getattr(library, function)(model._instance, str(path).encode(), None))

        model.run({"x": np.array([1, 2], np.float32)}, model.step("add"))
        call("tfc_instance_save")
        values = load(path)
        for name, value in values.items():
            print(f"{name}: {value.dtype}{list(value.shape)} {value.tolist()}")
        values = {"kept/last": np.array([7, 8, 9], np.float32), "three": np.ones(3, np.float32), **values}
        store(path, values)
        call("tfc_instance_restore")
        print("last:", model.run({}, model.step("last"))["y"])
        values["sum"] = np.ones(3, np.float32)
        store(path, values)
        call("tfc_instance_restore")


main()
