"""Making something happen in the demo town, by a button or a command."""

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np

from apps.base import clock
from apps.hazards.models import Catchment
from apps.hazards.services.rain_forecasts import keep_rain_forecast
from citizen.demo.models import Happening
from citizen.demo.movement.weather import Storm

FORESEEN_H = 24
# The weather service sees a storm coming, and not quite right.
MISSES = 0.9


def start(kind: str, *, hours: float = 3.0, mm: float = 150.0) -> Happening:
    """Let it begin now. A storm is foreseen by the town's weather service as well."""
    now = clock.now()
    storm = kind == Happening.Kind.STORM
    happening = Happening.objects.create(
        kind=kind, starts_at=now, hours=hours, mm=mm,
        ends_at=now + timedelta(hours=hours) if storm else None,
    )  # fmt: skip
    if storm:
        foresee(happening)
    return happening


def end_all() -> int:
    """What has fallen has fallen; all else is over."""
    return Happening.objects.at(clock.now()).update(ends_at=clock.now())


def foresee(happening: Happening) -> None:
    """Tell the storm's rain to whoever forecasts the river, hour by hour."""
    begin = happening.starts_at.replace(minute=0, second=0, microsecond=0)
    minutes = np.arange(FORESEEN_H * 60)
    offset_min = (happening.starts_at - begin).total_seconds() / 60
    share = (minutes - offset_min) / (60 * happening.hours)
    inside = (share > 0) & (share < 1)
    intensity = np.where(inside, 2 * np.sin(np.pi * share) ** 2 * happening.mm / happening.hours, 0)
    hourly = MISSES * intensity.reshape(-1, 60).mean(axis=1)
    for catchment in Catchment.objects.all():
        keep_rain_forecast(
            catchment=catchment, source="demo-weather", issued_at=happening.starts_at,
            from_at=begin, mm_by_hour=hourly.round(2).tolist(),
        )  # fmt: skip


class Happenings:
    """What the town's devices feel; asked of the database at most every few seconds."""

    def __init__(self, every: timedelta = timedelta(seconds=3)) -> None:
        self._every = every
        self._rows: list[Happening] = []
        self._asked_at = clock.now() - every

    def _present(self) -> list[Happening]:
        if clock.now() - self._asked_at >= self._every:
            self._rows = list(Happening.objects.order_by("starts_at"))
            self._asked_at = clock.now()
        return self._rows

    def storms(self) -> list[Storm]:
        """All that fell in the last days: the river has a memory. One that was ended early still
        falls to its end; clouds take no orders."""
        return [
            Storm(row.starts_at, row.hours, row.mm)
            for row in self._present()
            if row.kind == Happening.Kind.STORM
        ]

    def since(self, kind: str) -> Callable[[], datetime | None]:
        """Since when something of a kind goes on; None while nothing does."""

        def begun() -> datetime | None:
            now = clock.now()
            return min(
                (
                    row.starts_at
                    for row in self._present()
                    if row.kind == kind and (row.ends_at is None or row.ends_at > now)
                ),
                default=None,
            )

        return begun
