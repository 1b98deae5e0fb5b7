"""Danger comes before any model: whom to call, and what to do until they come."""

from dataclasses import dataclass

from apps.complaints.core.urgent import find_danger

POLICE_KINDS = frozenset({"violence"})


@dataclass(frozen=True, slots=True)
class Emergency:
    """`kind` as the words of danger name it; whether it is the police's or the rescuers'."""

    kind: str
    police: bool


def emergency_in(text: str) -> Emergency | None:
    danger = find_danger(text)
    return None if danger is None else Emergency(danger.kind, danger.kind in POLICE_KINDS)
