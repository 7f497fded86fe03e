"""TensorFlow's session, with what it prepares for a step done before timing (make_callable)."""

import os

from .graph import Graph, GraphRunner

# One thread on the one core, or as many as TensorFlow takes of all cores by itself.
VARIANTS = ("one", "default")
REQUIRES = "tensorflow"
ENVIRONMENT = "tf"


def prepare(case, variant):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if variant == "default":
        os.sched_setaffinity(0, range(os.cpu_count()))
    graph = Graph(case.model)
    return GraphRunner(graph, lambda: Session(graph, variant))


class Session:
    def __init__(self, graph, variant):
        import tensorflow as tf
        tf1 = tf.compat.v1
        config = tf1.ConfigProto()
        if variant == "one":
            # Steps that wait for each other need a thread each.
            config.intra_op_parallelism_threads, config.inter_op_parallelism_threads = 1, len(graph.timed)
        self._session, self._calls, self._signatures = tf1.Session(graph=tf.Graph(), config=config), {}, {}
        with self._session.graph.as_default():
            if graph.path.is_dir():
                self._signatures = tf1.saved_model.load(self._session, ["serve"], str(graph.path)).signature_def
            else:
                definition = tf1.GraphDef.FromString(graph.path.read_bytes())
                tf.import_graph_def(definition, name="")

    def _prepare(self, one):
        feeds, fetches, targets, signature = one
        if signature:
            ports = self._signatures[signature]
            names = [ports.inputs[name].name for name in feeds], [ports.outputs[name].name for name in fetches]
        else:
            names = list(feeds), fetches
        graph = self._session.graph
        call = self._session.make_callable([names[1], [graph.as_graph_element(t) for t in targets]], names[0])
        return call, list(feeds.values())

    def run(self, one):
        self._calls[id(one)] = call, values = self._prepare(one)
        return call(*values)[0]

    def repeat(self, one, count):
        call, values = self._calls[id(one)]
        for _ in range(count):
            call(*values)

    def close(self):
        self._session.close()
