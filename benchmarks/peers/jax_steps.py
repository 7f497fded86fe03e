"""JAX: the recurrent graphs of steps.py as lax.scan under jit, which XLA compiles. The body is the
graph's: one product of [x, h], lengths by selection."""

from . import NotApplicable

# Weights as arguments, or as constants that XLA may fold and lay out anew.
VARIANTS = ("arguments", "constants")
REQUIRES = "jax"
ENVIRONMENT = "jax"


def prepare(case, variant):
    import os
    if not case.name.startswith(("lstm", "rnn")):
        raise NotApplicable("no translation")
    os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"
    import jax
    import numpy as np
    from .graph import Graph, flat
    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    graph = Graph(case.model)
    ((feeds, *_),) = graph.timed
    body, initial, weights = (lstm if case.name.startswith("lstm") else tanh)(**graph.weights())
    x, lengths = feeds["x:0"], feeds.get("len:0")

    def function(weights, x, *lengths):
        def step(carry, now):
            x, t = now
            new, y = body(weights, carry, x)
            if lengths:
                # Past its end a sequence keeps its state and has outputs of 0.
                over = (t >= lengths[0])[:, None]
                new = jax.tree.map(lambda a, b: jax.numpy.where(over, a, b), carry, new)
                y = jax.numpy.where(over, 0, y)
            return new, y

        times = jax.numpy.arange(x.shape[1])
        state, y = jax.lax.scan(step, initial(x.shape[0]), (x.swapaxes(0, 1), times))
        return y.swapaxes(0, 1), jax.tree.leaves(state)[0]

    arguments = jax.device_put([x] if lengths is None else [x, lengths])
    if variant == "arguments":
        arguments.insert(0, jax.device_put(weights))
        compiled = jax.jit(function).lower(*arguments).compile()
    else:
        compiled = jax.jit(lambda *fed: function(weights, *fed)).lower(*arguments).compile()
    return Runner(compiled, arguments, graph, flat)


class Runner:
    def __init__(self, compiled, arguments, graph, flat):
        self._compiled, self._arguments, self._flat, self.reference = compiled, arguments, flat, graph.reference

    def run(self):
        self._last = self._compiled(*self._arguments)
        self._last[0].block_until_ready()

    def result(self):
        return self._flat(self._last)


def lstm(w, b):
    import jax
    import jax.numpy as jnp

    def body(weights, state, x):
        w, b = weights
        c, h = state
        i, j, f, o = jnp.split(jnp.concatenate([x, h], 1) @ w + b, 4, 1)
        c = c * jax.nn.sigmoid(f + 1) + jax.nn.sigmoid(i) * jnp.tanh(j)
        h = jnp.tanh(c) * jax.nn.sigmoid(o)
        return (c, h), h

    units = b.size // 4
    return body, lambda batch: (jnp.zeros((batch, units)),) * 2, (w, b)


def tanh(w):
    import jax.numpy as jnp

    def body(weights, h, x):
        h = jnp.tanh(jnp.concatenate([x, h], 1) @ weights[0])
        return h, h

    return body, lambda batch: jnp.zeros((batch, w.shape[1])), (w,)
