"""What to run: every benchmark model as data, and the ONNX files made from it.

A model is an input shape and a list of layers; a layer is a kind and its options, and
the kinds are methods of `_Builder`. Weights are random with a fixed seed, scaled so
that values keep their size through the layers. All is float32 with static shapes,
opset 17.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def layer(kind, **options):
    return kind, options


RELU = layer("unary", op="Relu")
NORM = layer("batch_norm")
FLATTEN = layer("flatten")
CLIP6 = layer("clip", low=0.0, high=6.0)
AVERAGE = layer("global_average")


def conv(channels, kernel, **options):
    return layer("conv", channels=channels, kernel=kernel, **options)


def dense(units):
    return layer("dense", units=units)


def pool(kernel, stride, pad=0):
    return layer("max_pool", kernel=kernel, stride=stride, pad=pad)


def mlp():
    return [dense(512), RELU, dense(512), RELU, dense(10)]


def small_convnet():
    """The size of the Keras convnet for MNIST."""
    def stage(channels):
        return [conv(channels, 3, pad=1, bias=True), RELU, pool(2, 2)]

    return [*stage(32), *stage(64), FLATTEN, dense(128), RELU, dense(10)]


def resnet18():
    def block(channels, stride, changes):
        main = [conv(channels, 3, stride=stride, pad=1), NORM, RELU, conv(channels, 3, pad=1), NORM]
        skip = [conv(channels, 1, stride=stride), NORM] if changes else []
        return [layer("add", left=main, right=skip), RELU]

    layers = [conv(64, 7, stride=2, pad=3), NORM, RELU, pool(3, 2, 1)]
    for channels, stride in [(64, 1), (128, 2), (256, 2), (512, 2)]:
        layers += block(channels, stride, changes=stride == 2) + block(channels, 1, changes=False)
    return [*layers, AVERAGE, FLATTEN, dense(1000)]


def mobilenet_v2():
    def block(inputs, expansion, channels, stride):
        hidden = inputs * expansion
        expand = [conv(hidden, 1), NORM, CLIP6] if expansion != 1 else []
        depthwise = [conv(hidden, 3, stride=stride, pad=1, groups=hidden), NORM, CLIP6]
        main = [*expand, *depthwise, conv(channels, 1), NORM]
        return [layer("add", left=main, right=[])] if stride == 1 and inputs == channels else main

    layers, inputs = [conv(32, 3, stride=2, pad=1), NORM, CLIP6], 32
    for expansion, channels, repeat, stride in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
                                                (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
        for i in range(repeat):
            layers += block(inputs, expansion, channels, stride if i == 0 else 1)
            inputs = channels
    return [*layers, conv(1280, 1), NORM, CLIP6, AVERAGE, FLATTEN, dense(1000)]


def encoder(depth=4, width=256, heads=4):
    """Transformer encoder, normalized after each addition, GELU through Erf."""
    feed_forward = [layer("linear", units=4 * width), layer("gelu"), layer("linear", units=width)]
    return depth * [layer("add", left=[layer("attention", heads=heads)], right=[]), layer("layer_norm"),
                    layer("add", left=feed_forward, right=[]), layer("layer_norm")]


ELEMENTWISE = [layer("affine", scale=1.7, shift=-0.3),
               layer("multiply", left=[layer("unary", op="Tanh")], right=[layer("unary", op="Sigmoid")])]


@dataclass(frozen=True)
class Model:
    """`suite` groups models that are compared with the same peers."""

    input: tuple
    layers: list
    suite: str = "models"


def gemm(m, n, k):
    return Model((m, k), [layer("matmul", units=n)], "gemm")


IMAGE = (1, 3, 224, 224)
# Costs nothing: what a peer takes for it is the price of calling that peer.
NOOP = "noop"
GEMM_SIZES = [
    *((s, s, s) for s in (64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048)),
    *((m, n, k) for m in (1, 8, 32, 128)
      for n, k in [(256, 256), (768, 768), (1024, 1024), (3072, 768), (768, 3072), (4096, 1024), (1024, 4096),
                   (4096, 4096)]),
    (197, 768, 768), (1000, 1000, 1000), (50, 200, 300), (37, 91, 53), (333, 555, 777),
]
MODELS = {
    NOOP: Model((8,), [RELU], "noop"),
    "mlp_b1": Model((1, 784), mlp()),
    "mlp_b64": Model((64, 784), mlp()),
    "cnn_b1": Model((1, 1, 28, 28), small_convnet()),
    "cnn_b32": Model((32, 1, 28, 28), small_convnet()),
    "resnet18": Model(IMAGE, resnet18()),
    "mobilenetv2": Model(IMAGE, mobilenet_v2()),
    "encoder": Model((1, 128, 256), encoder()),
    "lstm": Model((50, 1, 128), [layer("lstm", units=128)]),
    "eltwise": Model((1 << 22,), ELEMENTWISE),
    "softmax": Model((4096, 1024), [layer("softmax")]),
    "layernorm": Model((4096, 1024), [layer("layer_norm")]),
    **{f"gemm_{m}x{n}x{k}": gemm(m, n, k) for m, n, k in GEMM_SIZES},
}


@dataclass
class _Value:
    name: str
    shape: tuple


class _Builder:
    """Turns layers into ONNX nodes. Each method takes the value so far and returns the
    next one."""

    def __init__(self):
        self.random = np.random.default_rng(0)
        self.nodes, self.initializers = [], []

    def apply(self, value, layers):
        for kind, options in layers:
            value = getattr(self, kind)(value, **options)
        return value

    # Nodes and weights.
    def node(self, op, inputs, shape, **attributes):
        name = f"{op.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return _Value(name, tuple(shape))

    def constant(self, array):
        name = f"w_{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def scalar(self, number):
        return self.constant(np.float32(number))

    def integers(self, *numbers):
        return self.constant(np.array(numbers, np.int64))

    def normal(self, shape, deviation, mean=0.0):
        return self.constant(self.random.normal(mean, deviation, shape).astype(np.float32))

    def uniform(self, shape, low, high):
        return self.constant(self.random.uniform(low, high, shape).astype(np.float32))

    # Layers.
    def unary(self, x, op):
        return self.node(op, [x.name], x.shape)

    def affine(self, x, scale, shift):
        scaled = self.node("Mul", [x.name, self.scalar(scale)], x.shape)
        return self.node("Add", [scaled.name, self.scalar(shift)], x.shape)

    def clip(self, x, low, high):
        return self.node("Clip", [x.name, self.scalar(low), self.scalar(high)], x.shape)

    def add(self, x, left, right):
        a, b = self.apply(x, left), self.apply(x, right)
        return self.node("Add", [a.name, b.name], a.shape)

    def multiply(self, x, left, right):
        a, b = self.apply(x, left), self.apply(x, right)
        return self.node("Mul", [a.name, b.name], a.shape)

    def dense(self, x, units):
        inputs = x.shape[-1]
        weights = [self.normal((inputs, units), (2 / inputs) ** 0.5), self.normal((units,), 0.1)]
        return self.node("Gemm", [x.name, *weights], (*x.shape[:-1], units))

    def matmul(self, x, units):
        inputs = x.shape[-1]
        return self.node("MatMul", [x.name, self.normal((inputs, units), inputs**-0.5)], (*x.shape[:-1], units))

    def linear(self, x, units):
        product = self.matmul(x, units)
        return self.node("Add", [product.name, self.normal((units,), 0.02)], product.shape)

    def conv(self, x, channels, kernel, stride=1, pad=0, groups=1, bias=False):
        inputs = x.shape[1] // groups
        weights = [self.normal((channels, inputs, kernel, kernel), (2 / (inputs * kernel**2)) ** 0.5)]
        if bias:
            weights.append(self.normal((channels,), 0.1))
        return self.node("Conv", [x.name, *weights], self._window(x, channels, kernel, stride, pad),
                         kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4, group=groups)

    def max_pool(self, x, kernel, stride, pad):
        return self.node("MaxPool", [x.name], self._window(x, x.shape[1], kernel, stride, pad),
                         kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4)

    @staticmethod
    def _window(x, channels, kernel, stride, pad):
        return (x.shape[0], channels, *((size + 2 * pad - kernel) // stride + 1 for size in x.shape[2:]))

    def batch_norm(self, x):
        bounds = [(0.8, 1.2), (-0.2, 0.2), (-0.2, 0.2), (0.8, 1.2)]  # scale, shift, mean, variance
        weights = [self.uniform((x.shape[1],), low, high) for low, high in bounds]
        return self.node("BatchNormalization", [x.name, *weights], x.shape, epsilon=1e-5)

    def layer_norm(self, x):
        width = x.shape[-1]
        weights = [self.normal((width,), 0.1, mean=1.0), self.normal((width,), 0.1)]
        return self.node("LayerNormalization", [x.name, *weights], x.shape, axis=-1, epsilon=1e-5)

    def softmax(self, x):
        return self.node("Softmax", [x.name], x.shape, axis=-1)

    def global_average(self, x):
        return self.node("GlobalAveragePool", [x.name], (*x.shape[:2], 1, 1))

    def flatten(self, x):
        return self.node("Flatten", [x.name], (x.shape[0], int(np.prod(x.shape[1:]))), axis=1)

    def gelu(self, x):
        halves = self.node("Div", [x.name, self.scalar(2**0.5)], x.shape)
        error = self.node("Erf", [halves.name], x.shape)
        gate = self.node("Add", [error.name, self.scalar(1.0)], x.shape)
        gated = self.node("Mul", [x.name, gate.name], x.shape)
        return self.node("Mul", [gated.name, self.scalar(0.5)], x.shape)

    def attention(self, x, heads):
        batch, length, width = x.shape
        size = width // heads

        def split(permutation):
            y = self.linear(x, width)
            y = self.node("Reshape", [y.name, self.integers(batch, length, heads, size)], (batch, length, heads, size))
            return self.node("Transpose", [y.name], [y.shape[p] for p in permutation], perm=permutation)

        query, key, value = split([0, 2, 1, 3]), split([0, 2, 3, 1]), split([0, 2, 1, 3])
        scores = self.node("MatMul", [query.name, key.name], (batch, heads, length, length))
        scores = self.node("Mul", [scores.name, self.scalar(size**-0.5)], scores.shape)
        mixed = self.node("MatMul", [self.softmax(scores).name, value.name], value.shape)
        mixed = self.node("Transpose", [mixed.name], (batch, length, heads, size), perm=[0, 2, 1, 3])
        mixed = self.node("Reshape", [mixed.name, self.integers(batch, length, width)], x.shape)
        return self.linear(mixed, width)

    def lstm(self, x, units):
        length, batch, inputs = x.shape
        shapes = [(1, 4 * units, inputs), (1, 4 * units, units), (1, 8 * units)]
        weights = [self.uniform(shape, -(units**-0.5), units**-0.5) for shape in shapes]
        y = self.node("LSTM", [x.name, *weights], (length, 1, batch, units), hidden_size=units)
        return self.node("Squeeze", [y.name, self.integers(1)], (length, batch, units))


def build(name):
    """The ONNX model of that name and its input."""
    model = MODELS[name]
    builder = _Builder()
    y = builder.apply(_Value("x", model.input), model.layers)
    info = helper.make_tensor_value_info
    graph = helper.make_graph(builder.nodes, name, [info("x", TensorProto.FLOAT, model.input)],
                              [info(y.name, TensorProto.FLOAT, y.shape)], builder.initializers)
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(proto, full_check=True)
    return proto, np.random.default_rng(1).standard_normal(model.input, dtype=np.float32)


def reference(proto, x):
    """What the model answers: by ONNX Runtime without its optimizer where installed, by
    onnx's (slow) reference evaluator elsewhere."""
    try:
        import onnxruntime
    except ImportError:
        from onnx.reference import ReferenceEvaluator
        return ReferenceEvaluator(proto).run(None, {"x": x})[0]
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


def write(name, folder):
    """Writes NAME.onnx, NAME.in.npy and NAME.ref.npy unless they are newer than this
    file. Returns the path of the first."""
    path = Path(folder) / f"{name}.onnx"
    answer = path.with_suffix(".ref.npy")
    if not answer.exists() or answer.stat().st_mtime < Path(__file__).stat().st_mtime:
        path.parent.mkdir(parents=True, exist_ok=True)
        proto, x = build(name)
        onnx.save(proto, path)
        np.save(path.with_suffix(".in.npy"), x)
        np.save(answer, reference(proto, x))
    return path
