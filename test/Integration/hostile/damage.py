"""Files with defects."""
import random


def flipped(data, count):
    """`count` times the bytes, with one to three bits of them flipped."""
    rng = random.Random(1)
    for i in range(count):
        result = bytearray(data)
        for _ in range(1 + i % 3):
            result[rng.randrange(len(result))] ^= 1 << rng.randrange(8)
        yield bytes(result)
