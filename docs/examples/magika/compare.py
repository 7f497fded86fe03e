"""Compares the answers of `identify` with those of the Python package magika.

    compare.py IDENTIFY [FILE...]

Takes the files of this repository, some of the system's and some made here: every kind
once or a few times. Runs in an environment where the package can be imported, with
onnxruntime. Prints where the two differ; the last line is `N passed, N failed`.
"""

import gzip
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

from magika import Magika

ROOT = Path(__file__).resolve().parents[3]
# Folders where any Debian has files of many kinds.
SYSTEM = ["/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/share", "/etc", "/usr/include"]
PER_SUFFIX = 3


def made_files(folder):
    """Writes files whose kind is known from how they are made, and corner cases."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.add(__file__, "compare.py")
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(__file__, "compare.py")
    page = "<!DOCTYPE html><html><head><title>A page</title></head><body><p>Text.</p></body></html>\n"
    contents = {
        "a.tar": tar.getvalue(),
        "a.zip": zipped.getvalue(),
        "a.gz": gzip.compress(tar.getvalue(), mtime=0),
        "a.html": page.encode() * 3,
        "a.json": json.dumps({"key": [1, 2.5, None, True], "other": {"nested": "text"}}, indent=2).encode(),
        "a.csv": b"id,name,value\n" + b"".join(b"%d,row %d,%d.5\n" % (i, i, i) for i in range(200)),
        "a.svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><rect width="4" height="4"/></svg>',
        "a.ini": b"[section]\nkey = value\nother = 4\n\n[more]\nx = y\n" * 5,
        "a.ps": b"%!PS-Adobe-3.0\n%%BoundingBox: 0 0 9 9\nnewpath 0 0 moveto 9 9 lineto stroke\nshowpage\n%%EOF\n",
        "a.pgm": b"P5 16 16 255\n" + bytes(range(256)),
        "a.wav": b"RIFF\x24\x08\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x44\xac\x00\x00\x88\x58\x01\x00"
                 b"\x02\x00\x10\x00data\x00\x08\x00\x00" + bytes(2048),
        "bytes": bytes((i * i * 31 + 7 * i) % 251 for i in range(5000)),
        "empty": b"",
        "tiny text": b"abc",
        "tiny bytes": b"\xff\xfe\x00",
        "spaces": b" \t\r\n\v\f" * 2000,
        "spaces, then little": b" " * 5000 + b"abcdef",
        "little, then spaces": b"abcdefghij" + b"\n" * 5000,
        "utf-8": "Die Größe der Datei beträgt drei Zeilen.\n".encode() * 3,
        "cut utf-8": b"  " * 1500 + "ä".encode()[:1] + b"\n",
        "one block": b"x = 1\n" * 682 + b"xxxx",
        "one block and a byte": b"x = 1\n" * 682 + b"xxxxx",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "folder").mkdir()
    return [folder / name for name in [*contents, "folder"]]


def varied(folder, deep=True):
    """A few files of each suffix, in an order that does not depend on the machine's."""
    seen = Counter()
    for path in sorted(folder.rglob("*") if deep else folder.glob("*")):
        try:
            if path.is_file() and path.stat().st_size and seen[path.suffix] < PER_SUFFIX:
                seen[path.suffix] += 1
                yield path
        except OSError:
            continue


def package_answers(paths):
    """File by file: scores of the package's runtime depend on the size of a batch, by up to
    1 %; ours do not."""
    magika, answers = Magika(), {}
    for path in paths:
        prediction = magika.identify_path(path).prediction
        answers[path] = (str(prediction.output.label), prediction.score)
    return answers


def our_answers(identify, paths):
    run = subprocess.run([identify, *map(str, paths)], capture_output=True, check=True)
    lines = run.stdout.decode(errors="surrogateescape").splitlines()
    answers = {}
    for path, line in zip(paths, lines, strict=True):
        found = re.fullmatch(r"(.*): (\S+) \((\d\.\d+)\)", line)
        if not found or found[1] != str(path):
            sys.exit(f"error: {identify} printed '{line}' for {path}")
        answers[path] = (found[2], float(found[3]))
    return answers


def main():
    identify, given = sys.argv[1], [Path(name) for name in sys.argv[2:]]
    with tempfile.TemporaryDirectory() as scratch:
        paths = given
        if not given:
            paths = made_files(Path(scratch))
            for folder in ("docs", "dialects", "lib", "runtime", "test", "tools", "cmake"):
                paths += varied(ROOT / folder)
            for folder in SYSTEM:
                paths += varied(Path(folder), deep=False)
        paths = [path for path in dict.fromkeys(paths) if "\n" not in str(path)]
        expected, found = package_answers(paths), our_answers(identify, paths)
    failed = 0
    for path in paths:
        (label, score), (our_label, our_score) = expected[path], found[path]
        if label != our_label or abs(score - our_score) > 0.002:
            failed += 1
            print(f"FAIL {path}: {our_label} ({our_score:.3f}), expected {label} ({score:.3f})")
    kinds = Counter(label for label, _ in expected.values())
    print(f"{len(paths)} files of {len(kinds)} types")
    print(f"{len(paths) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
