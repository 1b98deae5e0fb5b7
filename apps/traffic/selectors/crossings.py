"""Lights for walkers, as whoever leads people asks for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from django.utils.dateparse import parse_datetime

from apps.traffic.models import JunctionState, SignalGroup

Aspect = Literal["green", "clearing", "red"]


@dataclass(frozen=True, slots=True)
class CrossingSignal:
    """A walkers' signal group with its line from kerb to kerb (longitude, latitude)."""

    pk: int
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Showing:
    """What a head shows. `heard_at` is when its controller said so; ends are None where it does
    not admit any."""

    aspect: Aspect
    heard_at: datetime
    min_end_at: datetime | None
    max_end_at: datetime | None


def crossing_signals() -> list[CrossingSignal]:
    """Every walkers' group whose crossing is known."""
    rows = SignalGroup.objects.filter(
        stream=SignalGroup.Stream.WALKERS, crossing__isnull=False
    ).order_by("pk")
    return [
        CrossingSignal(row.pk, tuple((lon, lat) for lon, lat in row.crossing.coords))
        for row in rows
        if row.crossing
    ]


def showing(group: SignalGroup) -> Showing | None:
    """What a group shows by its controller's latest word; None while that is no good, or while a
    preemption may cut any light short."""
    state = JunctionState.objects.filter(
        junction_id=group.junction_id, health=JunctionState.Health.WELL, preempted=[],
        heard_at__isnull=False,
    ).first()  # fmt: skip
    if state is None:
        return None
    row = next((row for row in state.groups if row["group"] == group.number), None)
    if row is None:
        return None
    assert state.heard_at is not None
    return Showing(
        aspect=cast("Aspect", row["aspect"]),
        heard_at=state.heard_at,
        min_end_at=_instant(row, "min_end_at"),
        max_end_at=_instant(row, "max_end_at"),
    )


def _instant(row: dict[str, Any], name: str) -> datetime | None:
    return parse_datetime(row[name]) if row.get(name) else None
