"""ctypes mirror of include/tfc-rt/{base,model}.h, and NumPy arrays in and out of it.

Keep the structures in step with the headers; TFC_ABI_VERSION guards the pairing at
run time.
"""

import copy
import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_int32, c_int64, c_uint32, c_uint64, c_void_p

import ml_dtypes
import numpy as np

from .outcome import Failure, StatusFailure, Unsupported

ABI_VERSION = 5
MAX_RANK = 8
DYNAMIC = -(2**63)

STATUS = {
    0: "OK", 1: "CANCELLED", 3: "INVALID_ARGUMENT", 4: "DEADLINE_EXCEEDED", 5: "NOT_FOUND",
    6: "ALREADY_EXISTS", 8: "RESOURCE_EXHAUSTED", 9: "FAILED_PRECONDITION", 10: "ABORTED",
    11: "OUT_OF_RANGE", 12: "UNIMPLEMENTED", 13: "INTERNAL", 14: "UNAVAILABLE", 15: "DATA_LOSS",
}

# tfc_dtype_t → what NumPy calls it; STRING below.
DTYPES = {
    number: np.dtype(dtype)
    for number, dtype in {
        1: np.float32, 2: np.uint8, 3: np.int8, 4: np.uint16, 5: np.int16, 6: np.int32, 7: np.int64,
        9: np.bool_, 10: np.float16, 11: np.float64, 12: np.uint32, 13: np.uint64,
        14: np.complex64, 15: np.complex128, 16: ml_dtypes.bfloat16,
        17: ml_dtypes.float8_e4m3fn, 18: ml_dtypes.float8_e4m3fnuz,
        19: ml_dtypes.float8_e5m2, 20: ml_dtypes.float8_e5m2fnuz,
        21: ml_dtypes.uint4, 22: ml_dtypes.int4, 23: ml_dtypes.float4_e2m1fn,
        24: ml_dtypes.float8_e8m0fnu, 25: ml_dtypes.uint2, 26: ml_dtypes.int2,
    }.items()
}
NUMBERS = {dtype: number for number, dtype in DTYPES.items()}

# Elements that NumPy has no type of a fixed size for: arrays of bytes objects.
STRING = 8

# Kinds of values that are no tensors: a list of them, and (of ports) one that may be absent.
LIST, OPTIONAL = 64, 65

# Types narrower than a byte: the byte type that carries one element, and its range.
SUBBYTE = {
    np.dtype(ml_dtypes.uint4): (np.uint8, 0, 15),
    np.dtype(ml_dtypes.int4): (np.int8, -8, 7),
    np.dtype(ml_dtypes.uint2): (np.uint8, 0, 3),
    np.dtype(ml_dtypes.int2): (np.int8, -2, 1),
}


class Tensor(Structure):
    _fields_ = [("data", c_void_p), ("size", c_uint64), ("dtype", c_int32), ("rank", c_int32),
                ("shape", c_int64 * MAX_RANK)]


class String(Structure):
    _fields_ = [("data", c_void_p), ("size", c_uint64)]


class Port(Structure):
    pass


Port._fields_ = [("name", c_char_p), ("dtype", c_int32), ("rank", c_int32), ("dims", POINTER(c_int64)),
                 ("element", POINTER(Port))]


class Step(Structure):
    _fields_ = [("name", c_char_p), ("inputs", POINTER(Port)), ("outputs", POINTER(Port)),
                ("symbols", POINTER(c_char_p)), ("input_count", c_int32), ("output_count", c_int32),
                ("symbol_count", c_int32), ("plan_size", c_int32), ("arena_size", c_uint64),
                ("entry", c_void_p), ("plan", c_void_p), ("takes_scratch", c_int32), ("reserved", c_int32)]


class Plan(Structure):
    _fields_ = [("arena_size", c_uint64), ("takes_scratch", c_int32)]


class Weights(Structure):
    _fields_ = [("file", c_char_p), ("size", c_uint64), ("checksum", c_uint64)]


class ModelDescriptor(Structure):
    _fields_ = [("abi_version", c_uint32), ("step_count", c_int32), ("name", c_char_p),
                ("steps", POINTER(Step)), ("weights", Weights), ("cpu_features", c_uint64)]


class Options(Structure):
    _fields_ = [("abi_version", c_uint32), ("thread_count", c_int32), ("pool", c_void_p),
                ("allocator", c_void_p), ("weights_path", c_char_p), ("log", c_void_p),
                ("log_user", c_void_p), ("message", c_void_p), ("message_capacity", c_uint64),
                ("cpu_features_off", c_uint64), ("trust_weights", c_int32)]


def encode(value):
    """The value as the ABI wants it: (Tensor, what it points into). A list of arrays is a
    list, None an optional without a value.

    Raises Unsupported for what is neither, or no dense array of a known element type."""
    tensor = Tensor()
    if value is None:
        return tensor, None
    if isinstance(value, (list, tuple)):
        encoded = [encode(element) for element in value]
        array = (Tensor * max(1, len(encoded)))(*(element for element, _ in encoded))
        tensor.data, tensor.size, tensor.dtype = ctypes.addressof(array), len(encoded), LIST
        return tensor, (array, encoded)
    if not isinstance(value, np.ndarray):
        raise Unsupported(f"runner cannot feed a {type(value).__name__} through the C ABI")
    if value.ndim > MAX_RANK:
        raise Unsupported(f"rank {value.ndim} is above the ABI's {MAX_RANK}")
    if value.dtype.kind in "OSU":
        return encode_strings(value)
    number = NUMBERS.get(value.dtype)
    if number is None:
        raise Unsupported(f"runner cannot feed elements of type {value.dtype} through the C ABI")
    if value.dtype in SUBBYTE:
        value = value.astype(SUBBYTE[value.dtype][0])
    array = np.require(value, requirements=["C", "ALIGNED"])
    tensor.data, tensor.size = array.ctypes.data, array.nbytes
    tensor.dtype, tensor.rank = number, array.ndim
    tensor.shape[: array.ndim] = array.shape
    return tensor, array


def strings(array):
    """The elements of an array of text or bytes in row-major order, as bytes. Fixed-length bytes
    end before the NULs that fill them."""
    return [text.encode() if isinstance(text, str) else bytes(text) for text in array.reshape(-1).tolist()]


def encode_strings(array):
    elements = strings(array)
    buffers = [ctypes.create_string_buffer(element, max(1, len(element))) for element in elements]
    table = (String * max(1, len(elements)))(
        *(String(ctypes.addressof(buffer), len(element)) for buffer, element in zip(buffers, elements)))
    tensor = Tensor(ctypes.addressof(table), ctypes.sizeof(String) * len(elements), STRING, array.ndim)
    tensor.shape[: array.ndim] = array.shape
    return tensor, (table, buffers)


def decode_strings(tensor, shape, count):
    table = ctypes.cast(tensor.data, POINTER(String))
    array = np.empty(count, object)
    array[:] = [ctypes.string_at(table[i].data, table[i].size) for i in range(count)]
    return array.reshape(shape)


def decode(tensor):
    """A copy of the tensor that the runtime describes, a list of them, or None for an
    optional without a value; raises Failure where the description contradicts itself."""
    if tensor.dtype == LIST:
        elements = ctypes.cast(tensor.data, POINTER(Tensor))
        return [decode(elements[i]) for i in range(tensor.size)]
    if tensor.dtype == 0 and not tensor.data:
        return None
    dtype = np.dtype(String) if tensor.dtype == STRING else DTYPES.get(tensor.dtype)
    if dtype is None:
        raise Unsupported(f"runner cannot fetch elements of dtype number {tensor.dtype}")
    if not 0 <= tensor.rank <= MAX_RANK:
        raise Failure(f"output has rank {tensor.rank}")
    shape = tuple(tensor.shape[: tensor.rank])
    carrier = np.dtype(SUBBYTE[dtype][0]) if dtype in SUBBYTE else dtype
    count = int(np.prod(shape, dtype=object)) if all(extent >= 0 for extent in shape) else -1
    if count * carrier.itemsize != tensor.size:
        raise Failure(f"output of shape {shape} and type {dtype} has {tensor.size} bytes")
    if count and not tensor.data:
        raise Failure("output has null data")
    if tensor.dtype == STRING:
        return decode_strings(tensor, shape, count)
    raw = ctypes.string_at(tensor.data, tensor.size) if count else b""
    array = np.frombuffer(raw, dtype=carrier).reshape(shape)
    if dtype in SUBBYTE:
        _, low, high = SUBBYTE[dtype]
        if count and (array.min() < low or array.max() > high):
            raise Failure(f"output of type {dtype} holds a byte outside [{low}, {high}]")
        array = array.astype(dtype)
    return array


class CompiledModel:
    """A shared object that tfc-compile wrote, with one instance and one context.

    Not thread-safe, as a context is not; another thread takes another_context(). Raises
    StatusFailure for every status but OK, Unsupported for TFC_STATUS_UNIMPLEMENTED."""

    def __init__(self, path, threads=0):
        self._library = ctypes.CDLL(str(path))
        self._declare()
        self._context = self._instance = c_void_p()
        self.descriptor = self._library.tfc_model().contents
        if self.descriptor.abi_version != ABI_VERSION:
            raise Failure(f"object has ABI version {self.descriptor.abi_version}, runner {ABI_VERSION}")
        message = ctypes.create_string_buffer(1024)
        options = Options(abi_version=ABI_VERSION, thread_count=threads,
                          message=ctypes.addressof(message), message_capacity=len(message))
        instance, context = c_void_p(), c_void_p()
        status = self._library.tfc_instance_open(byref(self.descriptor), byref(options), byref(instance))
        _check(status, "tfc_instance_open", message.value)
        self._instance = instance
        _check(self._library.tfc_context_create(instance, byref(context)), "tfc_context_create", b"")
        self._context = context

    def another_context(self):
        """The same instance with a context of its own; close it before this."""
        other = copy.copy(self)
        other._instance, other._context = c_void_p(), c_void_p()
        context = c_void_p()
        _check(self._library.tfc_context_create(self._instance, byref(context)), "tfc_context_create", b"")
        other._context = context
        return other

    def _declare(self):
        library = self._library
        library.tfc_model.restype = POINTER(ModelDescriptor)
        library.tfc_instance_open.argtypes = [c_void_p, POINTER(Options), POINTER(c_void_p)]
        library.tfc_instance_close.argtypes = [c_void_p]
        library.tfc_instance_close.restype = None
        library.tfc_context_create.argtypes = [c_void_p, POINTER(c_void_p)]
        library.tfc_context_destroy.argtypes = [c_void_p]
        library.tfc_context_destroy.restype = None
        library.tfc_context_message.argtypes = [c_void_p]
        library.tfc_context_message.restype = c_char_p
        library.tfc_context_arena_size.argtypes = [c_void_p]
        library.tfc_context_arena_size.restype = c_uint64
        library.tfc_step_run.argtypes = [c_void_p, POINTER(Step), POINTER(Tensor), POINTER(Tensor)]
        library.tfc_step_plan.argtypes = [*library.tfc_step_run.argtypes, POINTER(Plan)]

    def step(self, name=None):
        """The step of that name; without a name, the only or first one."""
        steps = self.descriptor.steps[: self.descriptor.step_count]
        for step in steps:
            if name is None or step.name.decode() == name:
                return step
        raise Failure(f"object has no step {name!r}, only {[s.name.decode() for s in steps]}")

    def input_ports(self, step=None):
        """Ports by name, in the step's order."""
        step = step or self.step()
        return {p.name.decode(): p for p in step.inputs[: step.input_count]}

    def output_ports(self, step=None):
        step = step or self.step()
        return {p.name.decode(): p for p in step.outputs[: step.output_count]}

    def run(self, feeds, step=None):
        """Runs a step on arrays by input name; returns arrays by output name. Raises Failure where
        the call needs something else than its plan said."""
        step = step or self.step()
        inputs, _keep = self._inputs(feeds, step)
        outputs = (Tensor * max(1, step.output_count))()
        planned, plan = (Tensor * max(1, step.output_count))(), Plan()
        arena = self._library.tfc_context_arena_size(self._context)
        refusal = self._library.tfc_step_plan(self._context, byref(step), inputs, planned, byref(plan))
        self._check_run(self._library.tfc_step_run(self._context, byref(step), inputs, outputs))
        self._check_run(refusal)
        # An arena of no bytes has an address, too.
        if self._library.tfc_context_arena_size(self._context) not in (size := max(arena, plan.arena_size), size or 64):
            raise Failure(f"arena has another size than planned, {plan.arena_size}")
        for name, promise, tensor in zip(self.output_ports(step), planned, outputs):
            _check_plan(name, promise, tensor)
        return {name: decode(tensor) for name, tensor in zip(self.output_ports(step), outputs)}

    def bind(self, feeds, results, step=None):
        """A function that runs the step from `feeds` into the arrays `results`, both by
        name, with as little around it as possible: for timing."""
        step = step or self.step()
        inputs, keep = self._inputs(feeds, step)
        outputs = (Tensor * max(1, step.output_count))()
        for name, tensor in zip(self.output_ports(step), outputs):
            tensor.data, tensor.size = results[name].ctypes.data, results[name].nbytes
        arguments = self._context, byref(step), inputs, outputs
        step_run = self._library.tfc_step_run

        def call():
            if status := step_run(*arguments):
                self._check_run(status)

        call.keep = keep, results
        call.arguments = step_run, *arguments  # for callers that are no Python
        return call

    def _inputs(self, feeds, step):
        """Tensors in the order of the step, and the arrays that they point into."""
        names = list(self.input_ports(step))
        if missing := [n for n in names if n not in feeds]:
            raise Failure(f"object asks for inputs {missing}, the case has {list(feeds)}")
        if extra := [n for n in feeds if n not in names]:
            raise Failure(f"object has no inputs {extra}, only {names}")
        encoded = [encode(feeds[name]) for name in names]
        inputs = (Tensor * max(1, len(encoded)))(*(tensor for tensor, _ in encoded))
        return inputs, encoded

    def _check_run(self, status):
        _check(status, "tfc_step_run", self._library.tfc_context_message(self._context))

    def close(self):
        if self._context:
            self._library.tfc_context_destroy(self._context)
        if self._instance:
            self._library.tfc_instance_close(self._instance)
        self._context = self._instance = c_void_p()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _check_plan(name, planned, tensor):
    """Raises Failure unless a result is what the plan said of it."""
    if planned.dtype in (LIST, OPTIONAL):
        return
    extents = list(zip(planned.shape[: planned.rank], tensor.shape[: tensor.rank]))
    known = all(extent != DYNAMIC for extent, _ in extents)
    if (
        (planned.dtype, planned.rank) != (tensor.dtype, tensor.rank)
        or any(extent not in (DYNAMIC, actual) for extent, actual in extents)
        or (known and planned.size != tensor.size)
    ):
        raise Failure(f"output {name!r} has shape {[actual for _, actual in extents]}, "
                      f"planned was {[extent for extent, _ in extents]}")


def _check(status, call, message):
    if status == 0:
        return
    code = STATUS.get(status, str(status))
    text = f"{call}: {code}: {(message or b'').decode(errors='replace')}"
    raise Unsupported(text) if code == "UNIMPLEMENTED" else StatusFailure(text, code)
