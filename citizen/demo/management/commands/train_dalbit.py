"""`manage.py train_dalbit`: learns Dalbit's river from years of its made-up weather and writes the
file that the seed reads. Run it after a change to the weather or to what is learned."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand
from rich.progress import Progress

from apps.hazards.core.history import History
from apps.hazards.core.learned import learn
from citizen.demo.movement.weather import BASINS, HILLS
from citizen.demo.seed.hazards import EVAPORATION_MM_DAY, LEARNED, hours_of

FIRST = datetime(2023, 1, 1, tzinfo=UTC)
HOURS = 24 * 730
LEADS_H = (1, 3, 6, 12)
ALARM_M = 3.6


class Command(BaseCommand):
    help = "Learns the demo town's river anew and writes the file its seed reads."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        history, level = dalbit_history()
        with Progress() as progress:
            bar = progress.add_task("STAGE-DALBIT", total=1.0)
            learned = learn(
                history, level_mm_h=level, window_h=3, leads=LEADS_H,
                progress=lambda done: progress.update(bar, completed=done),
            )  # fmt: skip
        LEARNED.write_bytes(learned.written())
        self.stdout.write(f"{LEARNED.name}: {LEARNED.stat().st_size // 1024} kB")


def dalbit_history() -> tuple[History, float]:
    """Two years of Dalbit's hours, and the alarm level as water over the catchment."""
    basin = BASINS["STAGE-DALBIT"]
    rain = np.mean([hours_of(code, FIRST, HOURS) for code in HILLS], axis=0)
    stages, flows = (np.array(column) for column in zip(*basin.rating(), strict=True))
    flow = np.interp(hours_of("STAGE-DALBIT", FIRST, HOURS), stages, flows)
    month = (np.arange(HOURS) // 730) % 12
    evaporation = np.array(EVAPORATION_MM_DAY)[month] / 24
    level = float(np.interp(ALARM_M, stages, flows)) * 3.6 / basin.area_km2
    return History(rain, evaporation, flow * 3.6 / basin.area_km2), level
