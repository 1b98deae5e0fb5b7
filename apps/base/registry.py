"""Many implementers of one role: kind → dotted path, loaded when first asked for.

Apps add their line in `AppConfig.ready`; nothing is imported before it is used, so that a web
process never loads what only the camera process needs.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

from django.utils.module_loading import import_string

T = TypeVar("T")


class Registry(Generic[T]):
    def __init__(self, role: str) -> None:
        self.role = role
        self._paths: dict[str, str] = {}
        self._loaded: dict[str, T] = {}

    def add(self, kind: str, path: str) -> None:
        """Register `path` ("package.module.name"). A kind has one implementer."""
        if self._paths.get(kind, path) != path:
            raise ValueError(f"The {self.role} {kind!r} is already {self._paths[kind]}.")
        self._paths[kind] = path

    def load(self, kind: str) -> T:
        """Return the implementer of `kind`. Raises KeyError naming the known kinds."""
        if kind not in self._loaded:
            if kind not in self._paths:
                raise KeyError(f"No {self.role} {kind!r}; known: {', '.join(self.kinds())}.")
            self._loaded[kind] = import_string(self._paths[kind])
        return self._loaded[kind]

    def path_of(self, kind: str) -> str:
        """Where the implementer of `kind` is, for another process to load. Raises KeyError."""
        return self._paths[kind]

    def kinds(self) -> list[str]:
        return sorted(self._paths)

    def items(self) -> Iterator[tuple[str, T]]:
        for kind in self.kinds():
            yield kind, self.load(kind)

    def __contains__(self, kind: object) -> bool:
        return kind in self._paths
