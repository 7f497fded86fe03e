#!/usr/bin/env python3
"""Tests what the conformance runners share: isolation, comparison, the C ABI mirror.

TFC_HAND_MODEL names the shared object that test/tools/tfc-run builds; without it the
tests of the ABI are skipped.
"""

import os
import signal
import sys
import time
import unittest

try:
    import ml_dtypes
    import numpy as np
except ImportError as missing:
    print(f"skipped: needs {missing.name}")
    sys.exit(77)

from common.abi import DTYPES, STRING, CompiledModel, Tensor, decode, encode
from common.compare import check_equal
from common.outcome import Failure, Skipped, Unsupported
from common.pool import run_isolated
from common.suite import Case


class Pool(unittest.TestCase):
    def outcome(self, run, timeout=30):
        """What becomes of a case whose body is `run(stage)`."""
        ((_, outcome),) = run_isolated([Case("case", lambda workdir, stage: run(stage))], 1, timeout)
        return outcome

    def test_pass(self):
        self.assertEqual(self.outcome(lambda stage: None).status, "pass")

    def test_exceptions(self):
        for error, status, reason in [
            (Failure("wrong\n  answer"), "fail", "wrong answer"),
            (Unsupported("no Foo"), "unsupported", "no Foo"),
            (Skipped("no peer"), "skip", "no peer"),
            (KeyError("k"), "fail", "KeyError: 'k'"),
        ]:
            def body(stage, error=error):
                raise error

            outcome = self.outcome(body)
            self.assertEqual((outcome.status, outcome.reason), (status, reason))

    def test_crash(self):
        def body(stage):
            stage("running")
            print("assertion 'x' failed", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGSEGV)

        outcome = self.outcome(body)
        self.assertEqual(outcome.reason, "crashed with SIGSEGV while running: assertion 'x' failed")

    def test_hang(self):
        def body(stage):
            stage("compiling")
            time.sleep(60)

        start = time.monotonic()
        outcome = self.outcome(body, timeout=0.3)
        self.assertEqual((outcome.status, outcome.reason), ("fail", "timed out after 0.3 s while compiling"))
        self.assertLess(time.monotonic() - start, 5)

    def test_many(self):
        cases = [Case(str(i), lambda workdir, stage: (workdir / "file").write_text("x")) for i in range(20)]
        self.assertEqual(sorted(index for index, _ in run_isolated(cases, 3, 30)), list(range(20)))


class Compare(unittest.TestCase):
    def reason(self, want, got, rtol=1e-3, atol=1e-6):
        try:
            check_equal("y", want, got, rtol, atol)
        except Failure as failure:
            return str(failure)
        return None

    def test_agreement(self):
        values = np.array([1, np.nan, np.inf, -np.inf, 0], np.float32)
        self.assertIsNone(self.reason(values, values * np.float32(1.0005)))
        self.assertIsNone(self.reason(np.zeros((0, 2)), np.zeros((0, 2))))
        self.assertIsNone(self.reason(np.array(3), np.array(3)))

    def test_bfloat16_has_two_units(self):
        one = np.array([1.0], ml_dtypes.bfloat16)
        self.assertIsNone(self.reason(one, np.array([1.0 + 2**-7], ml_dtypes.bfloat16)))
        self.assertIsNotNone(self.reason(one, np.array([1.0 + 2**-5], ml_dtypes.bfloat16)))

    def test_disagreement(self):
        one = np.ones((2, 2), np.float32)
        self.assertEqual(self.reason(one, one[0]), "output 'y' has shape (2,), expected (2, 2)")
        self.assertEqual(self.reason(one, one.astype(np.float64)), "output 'y' has type float64, expected float32")
        self.assertEqual(
            self.reason(one, np.array([[1, 3], [1, 1]], np.float32)),
            "output 'y' differs in 1 of 4 elements, first at (0, 1): 3.0 instead of 1.0; "
            "largest error 2 absolute, 2 relative")

    def test_kinds_without_a_rule(self):
        with self.assertRaises(Unsupported):
            check_equal("y", {}, None, 0, 0)

    def test_strings(self):
        want = np.array([b"a", b"bc"])
        check_equal("y", want, np.array([b"a", b"bc\0"], object), 0, 0)
        check_equal("y", np.array(["a", "bc"], object), want, 0, 0)
        self.assertEqual(self.reason(want, np.array([b"a", b"b"], object)),
                         "output 'y' differs in 1 of 2 strings, first at 1: b'b' instead of b'bc'")
        self.assertEqual(self.reason(want, np.zeros(2)), "output 'y' has type float64, expected strings")

    def test_lists(self):
        want = [np.ones(2), np.zeros(3)]
        check_equal("y", want, [np.ones(2), np.zeros(3)], 0, 0)
        for got in [None, np.ones(2), [np.ones(2)], [np.ones(2), np.ones(3)]]:
            with self.assertRaises(Failure):
                check_equal("y", want, got, 0, 0)
        with self.assertRaises(Failure):
            check_equal("y", None, np.ones(2), 0, 0)


class Abi(unittest.TestCase):
    def test_strings_survive(self):
        want = np.array([[b"a\0b", b"", "ä".encode()]], object)
        tensor, _keep = encode(want)
        self.assertEqual((tensor.dtype, tensor.size), (STRING, 48))
        self.assertEqual(decode(tensor).tolist(), want.tolist())

    def test_every_type_survives(self):
        for dtype in DTYPES.values():
            with self.subTest(dtype=dtype.name):
                signed = dtype.kind != "u" and dtype.name not in ("uint4", "uint2", "float8_e8m0fnu", "bool")
                want = np.array([[1, -2 if signed else 1, 0.5]]).astype(dtype)
                tensor, _keep = encode(want)
                self.assertEqual((tensor.rank, tuple(tensor.shape[:2])), (2, (1, 3)))
                check_equal("x", want, decode(tensor), 0, 0)

    def test_lists_and_absent_values(self):
        for want in [[], [np.ones(3), np.zeros((2, 2))], [[np.ones(1)], []], None]:
            tensor, _keep = encode(want)
            check_equal("x", want, decode(tensor), 0, 0)

    def test_scalars_and_views(self):
        self.assertEqual(encode(np.array(3.0))[1].shape, ())
        self.assertTrue(encode(np.ones((4, 4)).T[1:])[1].flags.c_contiguous)

    def test_contradictions(self):
        bytes2 = np.zeros(2, np.uint8)
        for fields in [dict(size=3), dict(rank=9), dict(data=None), dict(shape=(-1,)), dict(dtype=22, size=2)]:
            bytes2[:] = 200
            tensor = Tensor(**{**dict(data=bytes2.ctypes.data, size=2, dtype=2, rank=1, shape=(2,)), **fields})
            with self.subTest(**fields), self.assertRaises(Failure):
                decode(tensor)

    def test_hand_model(self):
        path = os.environ.get("TFC_HAND_MODEL")
        if not path:
            self.skipTest("TFC_HAND_MODEL is not set")
        x = np.arange(6, dtype=np.float32).reshape(3, 2)
        k = np.array(-3, ml_dtypes.int4)
        with CompiledModel(path) as model:
            self.assertEqual(list(model.input_ports()), ["x", "k"])
            fetched = model.run({"x": x, "k": k})
            check_equal("y", x * np.float32(-3), fetched["y"], 0, 0)
            check_equal("k:0", k, fetched["k:0"], 0, 0)
            with self.assertRaisesRegex(Failure, r"asks for inputs \['k'\]"):
                model.run({"x": x})
            with self.assertRaisesRegex(Failure, "INVALID_ARGUMENT: input 'x'"):
                model.run({"x": x.T, "k": k})
            with self.assertRaisesRegex(Failure, "OUT_OF_RANGE: node 'gather_7'"):
                model.run({}, model.step("broken"))


if __name__ == "__main__":
    unittest.main()
