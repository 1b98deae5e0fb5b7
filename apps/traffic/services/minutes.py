"""Minutes at junctions: what a strategy is judged by."""

from dataclasses import dataclass
from datetime import datetime

from apps.traffic.models import Junction, JunctionMinute


@dataclass(slots=True)
class Tally:
    """What has gathered of the running minute."""

    vehicles: float = 0.0
    waited_s: float = 0.0
    walks: int = 0
    walker_waited_s: float = 0.0
    walker_longest_s: float = 0.0

    def walker(self, waited_s: float) -> None:
        self.walks += 1
        self.walker_waited_s += waited_s
        self.walker_longest_s = max(self.walker_longest_s, waited_s)


def note_minute(*, junction: Junction, at: datetime, mode: str, tally: Tally) -> None:
    """Keep a minute that is over; one that is kept already stays."""
    JunctionMinute.objects.bulk_create(
        [
            JunctionMinute(
                junction=junction, at=at, mode=mode, vehicles=tally.vehicles,
                waited_s=tally.waited_s, walks=tally.walks,
                walker_waited_s=tally.walker_waited_s, walker_longest_s=tally.walker_longest_s,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
