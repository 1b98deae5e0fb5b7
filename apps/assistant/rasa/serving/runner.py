"""Runs the graph of components one after the other.

Rasa leaves that to dask, which plans anew what depends on what at each of three runs a message.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

Found = dict[str, tuple[str, Any]]


class StraightRunner:
    def __init__(self, schema: GraphSchema, nodes: Mapping[str, GraphNode]) -> None:
        self._needs = {name: tuple(one.needs.values()) for name, one in schema.nodes.items()}
        self._nodes = nodes

    @classmethod
    def instead_of(cls, runner: DaskGraphRunner) -> "StraightRunner":
        return cls(runner._graph_schema, runner._instantiated_nodes)  # noqa: SLF001 - no other way

    def run(self, inputs: Mapping[str, Any], targets: Iterable[str]) -> dict[str, Any]:
        found: Found = {name: (name, value) for name, value in inputs.items()}
        return dict(self._output(name, found) for name in targets)

    def _output(self, name: str, found: Found) -> tuple[str, Any]:
        if name not in found:
            needed = [self._output(one, found) for one in self._needs[name]]
            found[name] = self._nodes[name](*needed)
        return found[name]
