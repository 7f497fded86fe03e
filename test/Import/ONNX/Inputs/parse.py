"""Writes the model that a file holds in ONNX's text format: parse.py IN OUT."""
import sys

import onnx.parser

with open(sys.argv[1], encoding="utf-8") as file:
    onnx.save(onnx.parser.parse_model(file.read()), sys.argv[2])
