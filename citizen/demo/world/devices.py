"""The catalogue of what measures in Dalbit: gateways, their things, and the things' datastreams."""

from dataclasses import dataclass

from citizen.demo.world.gauges import Gauge
from citizen.demo.world.junctions import SignalJunction
from citizen.demo.world.lifts import Lift
from citizen.demo.world.parking import ParkingSite
from citizen.demo.world.places import Place


@dataclass(frozen=True)
class Gateway:
    code: str
    name_ko: str
    name_en: str
    protocol: str


@dataclass(frozen=True)
class Thing:
    """`about` names what the thing measures by its own code: a bay, a gauge, a lift …"""

    code: str
    gateway: str
    kind: str
    lon: float
    lat: float
    about: str


@dataclass(frozen=True)
class Datastream:
    """`unit` is a UCUM code; "1" is a bare number or state. Intervals are in seconds."""

    code: str
    thing: str
    observed_property: str
    unit: str
    expected_interval_s: int


@dataclass(frozen=True)
class Devices:
    gateways: tuple[Gateway, ...]
    things: tuple[Thing, ...]
    datastreams: tuple[Datastream, ...]


# Kind of thing → what it observes: property, unit, expected interval.
STREAMS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "gate_counter": (("gate_entries_total", "1", 300), ("gate_exits_total", "1", 300)),
    "kerb_sensor": (("bay_occupied", "1", 3600), ("battery", "V", 86400)),
    "lot_camera": (("camera_health", "1", 60),),
    "crossing_camera": (("camera_health", "1", 60), ("pedestrian_count", "1", 60)),
    "stage_gauge": (("river_stage", "m", 600),),
    "rain_gauge": (("rain_amount", "mm", 600),),
    "depth_gauge": (("water_depth", "m", 60),),
    "lift_controller": (("lift_state", "1", 60),),
    "signal_controller": (("signal_state", "1", 10), ("vehicle_count", "1", 60)),
    "smoke_detector": (("smoke_detected", "1", 60),),
    "wall_sensor": (
        ("wall_velocity", "mm/s", 600), ("tilt", "deg", 600), ("air_temperature", "Cel", 600),
    ),
}  # fmt: skip
GATEWAYS = (
    Gateway("GW-GARAGE", "역전주차타워 게이트", "Station Tower Gates", "https"),
    Gateway("GW-LORA", "달빛 LoRaWAN", "Dalbit LoRaWAN", "mqtt"),
    Gateway("GW-WATER", "재난안전 수문망", "Hydrology Network", "https"),
    Gateway("GW-LIFT", "승강기 관제", "Lift Control", "https"),
    Gateway("GW-CAMERA", "영상 관제", "Camera Server", "rtsp"),
    Gateway("GW-SIGNAL", "교통신호 센터", "Signal Centre", "snmp"),
    Gateway("GW-ROAD", "도로 교통 정보", "Road Traffic Data", "https"),
    Gateway("GW-FIRE", "화재 감지 관제", "Fire Detection", "https"),
    Gateway("GW-HERITAGE", "문화재 계측", "Heritage Monitoring", "mqtt"),
)


def build_devices(
    sites: tuple[ParkingSite, ...],
    gauges: tuple[Gauge, ...],
    lifts: tuple[Lift, ...],
    junctions: tuple[SignalJunction, ...],
    places: tuple[Place, ...],
) -> Devices:
    things = (
        *_parking_things(sites),
        *(_gauge_thing(gauge) for gauge in gauges),
        *(Thing(f"T-{lift.code}", "GW-LIFT", "lift_controller", lift.lon, lift.lat, lift.code)
          for lift in lifts),
        *(Thing(f"T-{j.code}", "GW-SIGNAL", "signal_controller", j.lon, j.lat, j.code)
          for j in junctions),
        _crossing_camera(junctions),
        *_wall_things(places),
        *_smoke_things(places),
    )  # fmt: skip
    streams = tuple(
        Datastream(f"{thing.code}:{prop}", thing.code, prop, unit, interval_s)
        for thing in things
        for prop, unit, interval_s in _streams(thing, sites)
    )
    return Devices(GATEWAYS, things, streams)


def _streams(thing: Thing, sites: tuple[ParkingSite, ...]) -> list[tuple[str, str, int]]:
    """The kind's streams; the lot's camera has one more for each bay it sees."""
    streams = list(STREAMS[thing.kind])
    if thing.kind == "lot_camera":
        lot = next(site for site in sites if site.code == thing.about)
        streams += [(f"bay_occupied:{bay.code}", "1", 60) for bay in lot.bays]
    return streams


def _parking_things(sites: tuple[ParkingSite, ...]) -> list[Thing]:
    things = []
    for site in sites:
        if site.kind == "garage":
            things += [
                Thing(f"T-{a.code}", "GW-GARAGE", "gate_counter", a.lon, a.lat, a.code)
                for a in site.access
                if a.kind != "pedestrian"
            ]
        if site.kind == "camera_lot":
            code = f"T-CAM-{site.code}"
            things.append(Thing(code, "GW-CAMERA", "lot_camera", site.lon, site.lat, site.code))
        if site.kind == "sensor_street":
            things += [
                Thing(f"T-{bay.code}", "GW-LORA", "kerb_sensor", *bay.ring[0], bay.code)
                for bay in site.bays
            ]
    return things


def _gauge_thing(gauge: Gauge) -> Thing:
    kind = f"{gauge.kind}_gauge"
    return Thing(f"T-{gauge.code}", "GW-WATER", kind, gauge.lon, gauge.lat, gauge.code)


def _crossing_camera(junctions: tuple[SignalJunction, ...]) -> Thing:
    """Over the crossing before the station."""
    busiest = max(junctions, key=lambda j: len(j.groups))
    return Thing("T-CAM-CROSSING", "GW-CAMERA", "crossing_camera", busiest.lon, busiest.lat,
                 busiest.code)  # fmt: skip


def _wall_things(places: tuple[Place, ...]) -> list[Thing]:
    school = next(place for place in places if place.code == "old_school")
    return [
        Thing(f"T-WALL-{i + 1}", "GW-HERITAGE", "wall_sensor", *corner, school.code)
        for i, corner in enumerate(school.ring[:4])
    ]


def _smoke_things(places: tuple[Place, ...]) -> list[Thing]:
    """Two under the roof of the market hall, a few steps apart."""
    market = next(place for place in places if place.code == "market")
    return [
        Thing(f"T-SMOKE-{i + 1}", "GW-FIRE", "smoke_detector", market.lon + 0.00012 * i, market.lat,
              market.code)
        for i in range(2)
    ]  # fmt: skip
