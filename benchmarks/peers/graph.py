"""A graph of several steps in the layout of test/Conformance/graphdef.py, for the adapters of steps.py."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np


class Graph:
    """`steps` are lists of what runs at the same time: (feeds, fetches, targets, signature), with
    `feeds` arrays by edge. The last one is the one to time."""

    def __init__(self, folder):
        self.folder = folder
        self.meta = json.loads((folder / "meta.json").read_text())
        with np.load(folder / "feeds.npz") as feeds:
            self.arrays = dict(feeds)
        self.steps = [[({edge: self.arrays[key] for edge, key in one["feeds"].items()}, list(one["fetches"]),
                        one.get("targets", []), one.get("signature")) for one in step.get("parallel", [step])]
                      for step in self.meta["steps"]]

    @property
    def path(self):
        saved = self.folder / "saved_model"
        return saved if saved.exists() else self.folder / "graph.pb"

    def weights(self):
        """First values of the variables; of graphs made by graphs.py."""
        with np.load(self.folder / "weights.npz") as weights:
            return dict(weights)

    @property
    def timed(self):
        return self.steps[-1]

    def reference(self):
        """What all steps fetch, one number after the other; those that are not compared as zeros."""
        with np.load(self.folder / "fetches.npz") as fetches:
            return flat(fetches[key] for step in self.meta["steps"] for one in step.get("parallel", [step])
                        for key in one["fetches"].values())


def flat(arrays):
    return np.concatenate([np.zeros(1), *(np.asarray(a, np.float64).ravel() for a in arrays)])


class GraphRunner:
    """Runs the last step of a graph again and again. A session of a peer has run(one), which gives
    what a step fetches in its order, repeat(one, count), which may be faster, and close()."""

    def __init__(self, graph, open_session):
        self._graph, self._open = graph, open_session
        self._threads = ThreadPoolExecutor(max(map(len, graph.steps)))
        self._session = open_session()
        for step in graph.steps:
            self._at_once(self._session.run, step)

    def _at_once(self, function, step):
        if len(step) == 1:
            return [function(step[0])]
        return [future.result() for future in [self._threads.submit(function, one) for one in step]]

    def run(self):
        self.repeat(1)

    def repeat(self, count):
        self._at_once(lambda one: self._session.repeat(one, count), self._graph.timed)

    def reference(self):
        return self._graph.reference()

    def result(self):
        """All fetches of all steps from the beginning, in another session."""
        session = self._open()
        fetched = [value for step in self._graph.steps for values in self._at_once(session.run, step) for value in values]
        session.close()
        return flat(fetched)
