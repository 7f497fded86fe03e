"""JAX: the ONNX graph, op by op, as jax.numpy, under jit. It has no way to take an
output buffer."""

from . import NotApplicable, Runner

# Weights as arguments, or as constants that XLA may fold and lay out anew.
VARIANTS = ("arguments", "constants")
REQUIRES = "jax"


def prepare(case, variant):
    import os
    if case.threads == 1:
        os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"
    import jax
    import numpy as np
    jax.config.update("jax_platforms", "cpu")
    if case.threads == 1:
        jax.config.update("jax_cpu_enable_async_dispatch", False)
    function, weights = translate(case.model)
    x, last = jax.device_put(case.input()), {}
    if variant == "constants":
        compiled = jax.jit(lambda x: function(x, weights)).lower(x).compile()
        arguments = (x,)
    else:
        arguments = (x, jax.device_put(weights))
        compiled = jax.jit(function).lower(*arguments).compile()

    def run():
        last["y"] = compiled(*arguments).block_until_ready()

    return Runner(run, lambda: np.asarray(last["y"]))


def translate(path):
    """The graph as a function of its input and weights, and the weights."""
    import onnx
    from onnx import helper, numpy_helper
    graph = onnx.load(path).graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    # Shapes and scalars must be known while tracing.
    weights = {name: array for name, array in constants.items() if array.ndim and array.dtype.kind == "f"}
    fixed = {name: array for name, array in constants.items() if name not in weights}
    ops = operations()
    nodes = []
    for node in graph.node:
        if node.op_type not in ops:
            raise NotApplicable(f"no translation of {node.op_type}")
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        nodes.append((ops[node.op_type], list(node.input), attributes, node.output[0]))

    def function(x, weights):
        values = {"x": x, **fixed, **weights}
        for op, inputs, attributes, output in nodes:
            values[output] = op(*(values[name] for name in inputs), **attributes)
        return values[graph.output[0].name]

    return function, weights


def operations():
    """ONNX ops, as far as the benchmark models use them, on jax arrays."""
    import jax
    import jax.numpy as jnp
    from jax import lax

    def per_channel(values):
        return values[:, None, None]

    def padding(pads):
        return tuple(zip(pads[:2], pads[2:]))

    def conv(x, w, b=None, *, strides, pads, group, kernel_shape):
        y = lax.conv_general_dilated(x, w, strides, padding(pads), feature_group_count=group)
        return y if b is None else y + per_channel(b)

    def max_pool(x, *, kernel_shape, strides, pads):
        return lax.reduce_window(x, -jnp.inf, lax.max, (1, 1, *kernel_shape), (1, 1, *strides),
                                 ((0, 0), (0, 0), *padding(pads)))

    def batch_norm(x, scale, shift, mean, variance, *, epsilon):
        factor = scale * lax.rsqrt(variance + epsilon)
        return x * per_channel(factor) + per_channel(shift - mean * factor)

    def layer_norm(x, scale, shift, *, axis, epsilon):
        mean = x.mean(axis, keepdims=True)
        variance = ((x - mean) ** 2).mean(axis, keepdims=True)
        return (x - mean) * lax.rsqrt(variance + epsilon) * scale + shift

    def lstm(x, w, r, b, *, hidden_size):
        """One direction, zero initial state; gates come in the order i, o, f, c."""
        gates = x @ w[0].T + b[0, : 4 * hidden_size] + b[0, 4 * hidden_size :]
        zero = jnp.zeros((x.shape[1], hidden_size), x.dtype)

        def step(state, gate):
            hidden, cell = state
            i, o, f, c = jnp.split(gate + hidden @ r[0].T, 4, -1)
            cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(c)
            hidden = jax.nn.sigmoid(o) * jnp.tanh(cell)
            return (hidden, cell), hidden

        return lax.scan(step, (zero, zero), gates)[1][:, None]

    return {
        "Add": jnp.add, "Mul": jnp.multiply, "Div": jnp.divide, "MatMul": jnp.matmul,
        "Relu": lambda x: jnp.maximum(x, 0), "Tanh": jnp.tanh, "Sigmoid": jax.nn.sigmoid, "Erf": lax.erf,
        "Clip": jnp.clip, "Gemm": lambda x, w, b: x @ w + b, "Conv": conv, "MaxPool": max_pool,
        "BatchNormalization": batch_norm, "LayerNormalization": layer_norm, "LSTM": lstm,
        "GlobalAveragePool": lambda x: x.mean((2, 3), keepdims=True),
        "Softmax": lambda x, *, axis: jax.nn.softmax(x, axis=axis),
        "Flatten": lambda x, *, axis: x.reshape(x.shape[0], -1),
        "Reshape": lambda x, shape: x.reshape(tuple(int(n) for n in shape)),
        "Transpose": lambda x, *, perm: x.transpose(perm),
        "Squeeze": lambda x, axes: x.squeeze(tuple(int(n) for n in axes)),
    }
