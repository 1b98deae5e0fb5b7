"""Days of rides to be simulated: how many ask, when, and how unreliable the streets are."""

from dataclasses import dataclass
from datetime import date

MONDAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class RideScenario:
    """Hours of the city's clock; `noise` is the coefficient of variation of driving times."""

    day_on: date
    from_h: float
    to_h: float
    rides_per_hour: float
    noise: float = 0.2
    seed: int = 5


SCENARIOS = {
    "morning": RideScenario(MONDAY, 7.0, 9.0, 40.0),
    "noon": RideScenario(MONDAY, 11.5, 13.0, 25.0),
    "storm": RideScenario(MONDAY, 7.0, 8.5, 45.0, noise=0.5),
    "glance": RideScenario(MONDAY, 7.0, 7.25, 40.0),
    "blink": RideScenario(MONDAY, 8.0, 8.1, 60.0),
}
