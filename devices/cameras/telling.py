"""From what an analysis found to what a camera tells: observations in the words of the JSON door.

No picture, no track, no number plate: counts, levels and probabilities only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from devices.cameras.plans import CameraPlan, DrawnZone
from devices.services.cameras import BAYS_EVERY_S, HEALTH_EVERY_S
from devices.vision.findings import BayState, Congestion, Crossing, Findings, ZoneLevel

COUNTS_EVERY_S = 10.0
COUNTS_AT_LEAST_EVERY_S = 55.0
# A bay that cannot be told is neither: parking promises only what is surely free.
CANNOT_BE_TOLD = 0.5
LEVELS = (Congestion.FREE, Congestion.SLOW, Congestion.DELAYED, Congestion.JAMMED)

Row = dict[str, Any]


@dataclass
class _Count:
    """Those who passed a line, both ways, and how fast the last ones were."""

    forward: int = 0
    backward: int = 0
    speeds: list[float] = field(default_factory=list)
    told_s: float = float("-inf")
    changed: bool = True

    def take(self, crossing: Crossing) -> None:
        if crossing.forward:
            self.forward += 1
        else:
            self.backward += 1
        if crossing.speed_kmh is not None:
            self.speeds.append(crossing.speed_kmh)
        self.changed = True

    def is_due(self, at_s: float) -> bool:
        after_s = COUNTS_EVERY_S if self.changed else COUNTS_AT_LEAST_EVERY_S
        return at_s - self.told_s >= after_s


class Teller:
    """Remembers what one camera has told, so that it says what is new, and shows that it lives."""

    def __init__(self, plan: CameraPlan) -> None:
        self._plan = plan
        self._zones: dict[str, DrawnZone] = {zone.code: zone for zone in plan.zones}
        self._counts = {zone.code: _Count() for zone in plan.zones if zone.kind == "line"}
        self._bays: dict[str, tuple[float, bool | None]] = {}
        self._health: tuple[float, bool] = (float("-inf"), False)

    def health(self, at_s: float, *, sees: bool) -> list[Row]:
        told_s, said = self._health
        if said == sees and at_s - told_s < HEALTH_EVERY_S:
            return []
        self._health = (at_s, sees)
        return [_row(self._plan.health_stream, at_s, float(sees))]

    def findings(self, found: Findings) -> list[Row]:
        """All that a healthy view told; of an unhealthy one nothing is believed."""
        if not found.health.ok:
            self._bays.clear()
            return []
        for crossing in found.crossings:
            self._counts[crossing.line].take(crossing)
        return [
            *(row for bay in found.bays for row in self._bay(bay, found.at_s)),
            *(row for code in self._counts for row in self._count(code, found.at_s)),
            *(row for level in found.levels for row in self._level(level)),
        ]

    def _bay(self, bay: BayState, at_s: float) -> Sequence[Row]:
        told_s, said = self._bays.get(bay.bay, (float("-inf"), None))
        if said == bay.occupied and at_s - told_s < BAYS_EVERY_S:
            return ()
        self._bays[bay.bay] = (at_s, bay.occupied)
        return self._rows(bay.bay, at_s, {"occupancy": chance_taken(bay)})

    def _count(self, code: str, at_s: float) -> Sequence[Row]:
        count = self._counts[code]
        if not count.is_due(at_s):
            return ()
        facts: dict[str, float | None] = {"forward": count.forward, "backward": count.backward}
        if count.speeds:
            facts["speed"] = sum(count.speeds) / len(count.speeds)
        count.told_s, count.changed, count.speeds = at_s, False, []
        return self._rows(code, at_s, facts)

    def _level(self, level: ZoneLevel) -> Sequence[Row]:
        facts = {
            "count": level.count,
            "covered": min(max(level.occupancy, 0.0), 1.0),
            "speed": level.speed_kmh,
            "density": level.density_per_m2,
            "congestion": None if level.congestion is None else LEVELS.index(level.congestion),
        }
        return self._rows(level.zone, level.ended_s, facts)

    def _rows(self, zone: str, at_s: float, facts: Mapping[str, float | None]) -> list[Row]:
        streams = self._zones[zone].streams
        return [
            _row(streams[tells], at_s, float(value))
            for tells, value in facts.items()
            if value is not None and tells in streams
        ]


def chance_taken(bay: BayState) -> float:
    if bay.occupied is None:
        return CANNOT_BE_TOLD
    return bay.confidence if bay.occupied else 1.0 - bay.confidence


def instant(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)


def _row(datastream: str, at_s: float, result: float) -> Row:
    return {
        "datastream": datastream,
        "phenomenonTime": instant(at_s).isoformat(),
        "result": round(result, 4),
    }
