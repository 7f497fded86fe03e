"""Runs a command with stderr on a terminal and prints what comes there: terminal.py COMMAND...
With one argument, writes a graph that takes seconds to compile: terminal.py FILE.mlir
"""

import os
import pty
import subprocess
import sys


def write_graph(path, length=2500):
    t = "tensor<?x8xf32>"
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'dfg.graph @net {{\n  dfg.step @main(%x0: {t} {{dfg.edge = "x"}}) -> ({t} {{dfg.edge = "y"}}) {{\n')
        for i in range(length):
            file.write(f"    %t{i} = dfg.reverse %x{i} {{axes = array<i64: 1>}} : ({t}) -> {t}\n")
            file.write(f"    %x{i + 1} = dfg.exp %t{i} : ({t}) -> {t}\n")
        file.write(f"    dfg.return %x{length} : {t}\n  }}\n}}\n")


if len(sys.argv) == 2:
    write_graph(sys.argv[1])
    sys.exit()
ours, theirs = pty.openpty()
process = subprocess.Popen(sys.argv[1:], stderr=theirs)
os.close(theirs)
shown = b""
while True:
    try:
        part = os.read(ours, 4096)
    except OSError:  # the other end is closed
        break
    shown += part
print(shown.decode().replace("\r\x1b[K", "<erase>"))
sys.exit(process.wait())
