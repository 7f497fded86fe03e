#!/usr/bin/env python3
"""Makes the graphs of steps.py and TensorFlow's answers to them; runs under TensorFlow's Python.

A graph is a folder as test/Conformance/graphdef.py wants it: graph.pb, meta.json with the
steps, feeds.npz, fetches.npz. The last step is the one to time; with "parallel" it is several
at once, each on a thread. Weights and feeds are random with a fixed seed.
"""

import argparse
import json
import os
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf

tf1 = tf.compat.v1
HIDDEN, LENGTH, FEATURES = 128, 50, 64
QUEUE_ELEMENTS = 50_000


def random(*shape, scale=1.0, seed=0):
    return (np.random.default_rng(seed).standard_normal(shape) * scale).astype(np.float32)


def step(feeds=(), fetches=(), targets=()):
    """`feeds` are pairs of an edge and its array."""
    return dict(feeds), list(fetches), list(targets)


INIT = step(targets=["init"])


def variable(name, value, dtype=None):
    return tf1.get_variable(name, initializer=tf.constant(value, dtype), use_resource=False)


#===----------------------------------------------------------------------===#
# The graphs: each function builds one in the default graph and gives its steps
#===----------------------------------------------------------------------===#


def empty():
    tf.no_op(name="nothing")
    return [step(targets=["nothing"])]


def add_one():
    tf.add(tf1.placeholder(tf.float32, [], name="x"), 1.0, name="y")
    return [step([("x:0", np.float32(1))], ["y:0"])]


def fifo():
    """A loop that fills a queue and another that empties it."""
    queue = tf.queue.FIFOQueue(1000, [tf.float32], [[]], name="queue")
    count = tf1.placeholder(tf.int32, [], name="count")

    def produce(i):
        with tf.control_dependencies([queue.enqueue(tf.cast(i, tf.float32))]):
            return i + 1

    options = {"parallel_iterations": 1, "back_prop": False}
    made = tf1.while_loop(lambda i: i < count, produce, [0], **options)
    _, total = tf1.while_loop(lambda i, _: i < count, lambda i, s: (i + 1, s + queue.dequeue()), [0, 0.0], **options)
    tf.identity(made, name="made")
    tf.identity(total, name="total")
    feeds = [("count:0", np.int32(QUEUE_ELEMENTS))]
    return [[step(feeds, ["made:0"]), step(feeds, ["total:0"])]]


class LstmCell:
    """The gates are one product of [x, h], as in TensorFlow's own cell."""

    def __init__(self, features, units):
        self.output_size, self.state_size = units, (units, units)
        self.w = variable("w", random(features + units, 4 * units, scale=0.08))
        self.b = variable("b", random(4 * units, scale=0.1, seed=1))

    def zero_state(self, batch, dtype):
        return tuple(tf.zeros([batch, size], dtype) for size in self.state_size)

    def __call__(self, x, state, scope=None):
        c, h = state
        i, j, f, o = tf.split(tf.matmul(tf.concat([x, h], 1), self.w) + self.b, 4, 1)
        c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
        h = tf.tanh(c) * tf.sigmoid(o)
        return h, (c, h)


class TanhCell:
    def __init__(self, features, units):
        self.output_size = self.state_size = units
        self.w = variable("w", random(features + units, units, scale=0.08))

    def zero_state(self, batch, dtype):
        return tf.zeros([batch, self.state_size], dtype)

    def __call__(self, x, state, scope=None):
        h = tf.tanh(tf.matmul(tf.concat([x, state], 1), self.w))
        return h, h


def recurrent(cell, batch, with_lengths):
    def build():
        x = tf1.placeholder(tf.float32, [None, None, FEATURES], name="x")
        feeds = [("x:0", random(batch, LENGTH, FEATURES))]
        lengths = None
        if with_lengths:
            lengths = tf1.placeholder(tf.int32, [None], name="len")
            feeds.append(("len:0", np.linspace(LENGTH, LENGTH // 2, batch).astype(np.int32)))
        outputs, state = dynamic_rnn(cell(FEATURES, HIDDEN), x, lengths)
        tf.identity(outputs, name="o")
        tf.identity(state[0] if isinstance(state, tuple) else state, name="s")
        tf.group(*[v.initializer for v in tf1.global_variables()], name="init")
        return [INIT, step(feeds, ["o:0", "s:0"])]
    return build


def dynamic_rnn(cell, x, lengths):
    """tf.nn.dynamic_rnn of a cell that is no layer."""
    from tensorflow.python.ops import rnn
    rnn.rnn_cell_impl.assert_like_rnncell = lambda *_: None
    return tf1.nn.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float32)


def train_mlp(batch, *widths):
    """A step of momentum on a classifier of digits, with resource variables."""
    def build():
        x = tf1.placeholder(tf.float32, [None, widths[0]], name="x")
        y = tf1.placeholder(tf.int32, [None], name="y")
        tf1.enable_resource_variables()
        h = x
        for i, (inputs, units) in enumerate(zip(widths, widths[1:])):
            w = tf1.get_variable(f"w{i}", initializer=random(inputs, units, scale=inputs**-0.5, seed=i))
            b = tf1.get_variable(f"b{i}", initializer=np.zeros(units, np.float32))
            h = tf.matmul(h if i == 0 else tf.nn.relu(h), w) + b
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, h), name="loss")
        train = tf1.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
        with tf.control_dependencies([train]):
            tf.no_op(name="train")
        tf.group(*[v.initializer for v in tf1.global_variables()], name="init")
        feeds = [("x:0", np.abs(random(batch, widths[0]))), ("y:0", np.arange(batch, dtype=np.int32) % widths[-1])]
        return [INIT, step(feeds, ["loss:0"], ["train"])]

    return build


def train_convnet(batch):
    """A step of momentum on the convnet that Keras shows for MNIST, channels last."""
    def build():
        tf1.enable_resource_variables()
        x = tf1.placeholder(tf.float32, [None, 28, 28, 1], name="x")
        y = tf1.placeholder(tf.int32, [None], name="y")
        h = x
        for i, (inputs, outputs) in enumerate([(1, 32), (32, 64)]):
            w = tf1.get_variable(f"w{i}", initializer=random(3, 3, inputs, outputs, scale=(9 * inputs) ** -0.5, seed=i))
            h = tf.nn.max_pool2d(tf.nn.relu(tf.nn.conv2d(h, w, 1, "SAME")), 2, 2, "SAME")
        w = tf1.get_variable("dense", initializer=random(7 * 7 * 64, 10, scale=0.02, seed=2))
        logits = tf.matmul(tf.reshape(h, [-1, 7 * 7 * 64]), w)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits), name="loss")
        tf1.train.MomentumOptimizer(0.01, 0.9).minimize(loss, name="train")
        tf.group(*[v.initializer for v in tf1.global_variables()], name="init")
        feeds = [("x:0", np.abs(random(batch, 28, 28, 1))), ("y:0", np.arange(batch, dtype=np.int32) % 10)]
        return [INIT, step(feeds, ["loss:0"], ["train"])]

    return build


GRAPHS = {
    "empty": empty,
    "add_one": add_one,
    "fifo": fifo,
    "lstm_b1": recurrent(LstmCell, 1, with_lengths=False),
    "lstm_b32": recurrent(LstmCell, 32, with_lengths=False),
    "lstm_lengths_b32": recurrent(LstmCell, 32, with_lengths=True),
    "rnn_lengths_b32": recurrent(TanhCell, 32, with_lengths=True),
    "train_mlp_digits": train_mlp(50, 64, 32, 10),
    "train_mlp_wide": train_mlp(64, 784, 512, 512, 10),
    "train_convnet": train_convnet(16),
}


def write(name, folder):
    """Builds a graph, runs its steps and writes the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tf.Graph().as_default() as graph:
        steps, variables = GRAPHS[name](), tf1.global_variables()
    (folder / "graph.pb").write_bytes(graph.as_graph_def().SerializeToString())
    meta, feeds, fetches = [], {}, {}
    with tf1.Session(graph=graph) as session:
        for one in steps:
            several = one if isinstance(one, list) else [one]
            described, runs = zip(*(describe(session, f"s{len(meta)}{chr(97 + i)}", *part, feeds, fetches)
                                    for i, part in enumerate(several)))
            in_parallel(runs)
            meta.append({"parallel": described} if isinstance(one, list) else described[0])
            if one is INIT:
                # For peers that do not read graphs.
                np.savez(folder / "weights.npz", **{v.op.name: session.run(v) for v in variables})
    np.savez(folder / "feeds.npz", **feeds)
    np.savez(folder / "fetches.npz", **fetches)
    (folder / "meta.json").write_text(json.dumps({"name": name, "rtol": 1e-3, "atol": 1e-4, "steps": meta}, indent=1))


def describe(session, key, feeds, fetches, targets, fed, fetched):
    """A step as meta.json has it, and a function that runs it and notes what it fetches."""
    feed_keys = {edge: f"{key}_f{i}" for i, edge in enumerate(feeds)}
    fetch_keys = {edge: f"{key}_r{i}" for i, edge in enumerate(fetches)}
    fed.update((feed_keys[edge], value) for edge, value in feeds.items())
    nodes = [session.graph.as_graph_element(target) for target in targets]

    def run():
        values, _ = session.run([fetches, nodes], feeds)
        fetched.update(zip(fetch_keys.values(), values))

    return {"feeds": feed_keys, "fetches": fetch_keys, "targets": targets}, run


def in_parallel(functions):
    from threading import Thread
    threads = [Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="+", choices=GRAPHS, metavar="NAME")
    args = parser.parse_args()
    for name in args.names:
        write(name, args.folder / name)


if __name__ == "__main__":
    main()
