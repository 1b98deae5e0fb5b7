"""What an adapter of a linked source is, and the register of them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from apps.base.registry import Registry

Rows = Sequence[Mapping[str, Any]]
Tell = Callable[[Rows], Awaitable[None]]


class Away(ConnectionError):
    """The source does not answer, or not with what it should; the message says why."""


class BadSettings(ValueError):
    """The settings of this source make no sense; the message says where."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a source is, and its kind's own settings."""

    code: str
    host: str
    port: int
    config: Mapping[str, Any]
    secret: str = ""


class Adapter(Protocol):
    """`run` keeps in touch until cancelled and hands on rows in the words of the JSON door; what is
    told has been committed when `tell` returns."""

    def check(self, config: Mapping[str, Any]) -> None:
        """Raises BadSettings."""
        ...

    async def run(self, target: Target, tell: Tell) -> None:
        """Raises Away, BadSettings."""
        ...


adapters: Registry[Adapter] = Registry("adapter of linked sources")
"""Kind → dotted path of an `Adapter`."""
