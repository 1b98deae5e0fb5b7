"""Which simulated device stands behind each gauge, wall sensor and detector of the demo town."""

from collections.abc import Iterable

from citizen.demo.happenings import Happenings
from citizen.demo.models import Happening
from citizen.demo.movement.gauges import (
    DepthGauge,
    RainGauge,
    SmokeDetector,
    StageGauge,
    Thermometer,
    Wall,
)
from devices.models import Datastream

NatureWatcher = RainGauge | StageGauge | DepthGauge | Wall | Thermometer | SmokeDetector
SECOND_SMELLS_AFTER_S = 40.0


def nature_by_gateway(
    gateways: Iterable[str], happenings: Happenings, *, seed: int
) -> dict[str, list[NatureWatcher]]:
    """A watcher for each datastream of water, walls and smoke, by the gateway's code."""
    streams = (
        Datastream.objects.in_use()
        .filter(gateway__code__in=list(gateways))
        .select_related("gateway", "observed_property")
        .order_by("pk")
    )
    found: dict[str, list[NatureWatcher]] = {}
    for stream in streams:
        watcher = _watcher(stream, happenings, seed)
        if watcher is not None:
            found.setdefault(stream.gateway.code, []).append(watcher)
    return found


def _watcher(stream: Datastream, happenings: Happenings, seed: int) -> NatureWatcher | None:
    code = stream.code
    about = code.removeprefix("T-").partition(":")[0]
    match stream.observed_property.code:
        case "rain_amount":
            return RainGauge(code, about, seed, happenings.storms)
        case "river_stage":
            return StageGauge(code, about, seed, happenings.storms)
        case "water_depth":
            return DepthGauge(code, seed, happenings.storms)
        case "wall_velocity" if about in ("WALL-1", "WALL-2"):
            weak = happenings.since(Happening.Kind.WEAK_WALL)
            return Wall(code, int(about[-1]) - 1, seed, weak)
        case "air_temperature":
            return Thermometer(code)
        case "smoke_detected":
            burning = happenings.since(Happening.Kind.FIRE)
            return SmokeDetector(code, SECOND_SMELLS_AFTER_S * (int(about[-1]) - 1), burning)
    return None
