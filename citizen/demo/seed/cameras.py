"""The demo town's two cameras: over the market's lot, and over the busiest junction's crossing.

What is drawn over their pictures is computed from where the simulator's lenses stand, as an
operator would draw it over a still. The ports are told by the simulator when it has them.
"""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np

from apps.base import clock
from apps.parking.models import ParkingSite as SiteRow
from apps.parking.models import PoolFeed
from apps.parking.services.camera_bays import link_bays
from citizen.demo.cameras.crossing import Crossing, CrossingView
from citizen.demo.cameras.lot import LotView
from citizen.demo.seed.gateway_keys import ACTOR, gateway_of
from citizen.demo.world.parking import ParkingSite
from citizen.demo.world.plane import to_lonlat, to_plane
from citizen.demo.world.town import SEED, Town
from devices.models import Camera, CameraTuning, Thing
from devices.services.cameras import ZonePlan, connect_camera, define_properties, draw
from devices.services.commissioning import go_live, note_tuning
from devices.services.provisioning import ThingPlan, provision_thing
from devices.vision.occupancy.classifier import OccupancyModel
from devices.vision.occupancy.commissioning import tune
from devices.vision.occupancy.patches import cut_out

GATEWAY = "GW-CAMERA"
LOT_CAMERA, CROSSING_CAMERA = "P-MARKET-camera", "crossing-camera"
NOWHERE_YET = "http://127.0.0.1:9/"
ANSWERS, FIRST_DAY = 60, datetime(2026, 3, 2, tzinfo=UTC)


def seed_cameras(town: Town) -> None:
    define_properties()
    PoolFeed.objects.filter(
        datastream__gateway__code=GATEWAY, datastream__zone_stream=None
    ).delete()  # an older town's camera told its bays by itself
    _lot_camera(town)
    _crossing_camera(town)


def camera_lot(town: Town) -> ParkingSite:
    return next(site for site in town.sites if site.kind == "camera_lot")


def busiest_crossing(town: Town) -> Crossing:
    """From one kerb to the other of the widest crossing at the junction with most signals."""
    junction = max(town.junctions, key=lambda one: len(one.groups))
    crossings = [group for group in junction.groups if group.crossing_way_id]
    widest = max(crossings, key=lambda group: group.crossing_m or 0.0)
    way = next(way for way in town.ways if way.id == widest.crossing_way_id)
    nodes = {node.id: node for node in town.nodes}
    ends = [to_plane(nodes[ref].lon, nodes[ref].lat) for ref in (way.node_ids[0], way.node_ids[-1])]
    return Crossing(ends[0], ends[1])


def _lot_camera(town: Town) -> None:
    site = camera_lot(town)
    view = LotView(site, lambda _at: {})
    x, y, height_m = view.lens.stands
    thing = _thing(
        town, LOT_CAMERA, {"ko": "주차장 카메라", "en": "Car park camera"}, (x, y), height_m
    )
    camera = _connected(thing, "lot", Camera.Subject.VEHICLES)
    zones = [
        ZonePlan(code=space.code, kind="bay", points=view.corners(space)) for space in view.spaces
    ]
    draw(
        camera=camera, zones=zones, marks=view.marks(),
        aspect=view.lens.width / view.lens.height, actor=ACTOR,
    )  # fmt: skip
    link_bays(site=SiteRow.objects.get(code=site.code), camera=camera, actor=ACTOR)
    if not camera.tunings.exists():
        _commission(camera, site)


def _commission(camera: Camera, site: ParkingSite) -> None:
    """As staff would with the assistant: sixty answers on pictures of bays, a lesson, and live.

    The classifier has learned from photographs; a drawn lot is a lot it has never seen.
    """
    chance, pictures, answers, bays = Random(SEED), [], [], []
    for day in range(ANSWERS // 6):
        taken = {bay.code: chance.random() < 0.5 for bay in site.bays}
        view = LotView(site, lambda _at, taken=taken: taken)  # type: ignore[misc]
        drawn = view.draw(FIRST_DAY + timedelta(days=day))
        for n in chance.sample(range(len(view.spaces)), 6):
            pictures.append(cut_out(drawn, view.corners(view.spaces[n])))
            answers.append(float(taken[view.spaces[n].code]))
            bays.append(n)
    model = OccupancyModel.bundled()
    tuned = tune(model.head, model.features(pictures), np.array(answers), bays=np.array(bays))
    tuning = CameraTuning.objects.create(camera=camera, asked_at=clock.now(), asked_by=ACTOR)
    note_tuning(
        tuning=tuning, state=CameraTuning.State.DONE, labels=len(answers),
        accuracy_before=tuned.before, accuracy=tuned.balanced_accuracy, head=asdict(tuned.head),
    )  # fmt: skip
    tuning.refresh_from_db()
    go_live(tuning=tuning, actor=ACTOR)


def _crossing_camera(town: Town) -> None:
    view = CrossingView(busiest_crossing(town))
    crossing, lens = view.crossing, view.lens
    place = crossing.town(lens.stands[0], lens.stands[1])
    names = {"ko": "횡단보도 카메라", "en": "Crossing camera"}
    thing = _thing(town, CROSSING_CAMERA, names, place, lens.stands[2])
    camera = _connected(thing, "crossing", Camera.Subject.PEOPLE)
    draw(
        camera=camera, zones=crossing_zones(view), marks=view.marks(),
        aspect=lens.width / lens.height, actor=ACTOR,
    )  # fmt: skip


def crossing_zones(view: CrossingView) -> list[ZonePlan]:
    wide = view.crossing.length_m
    over = view.shares((-1.0, -2.6), (wide + 1.0, -2.6), (wide + 1.0, 2.6), (-1.0, 2.6))
    road = view.shares((0.0, 3.5), (wide, 3.5), (wide, 40.0), (0.0, 40.0))
    middle = view.shares((wide / 2, -3.0), (wide / 2, 3.0))
    return [
        ZonePlan(
            code="crossing", kind="area", points=over,
            names={"ko": "횡단보도", "en": "Crossing"}, rules=[{"kind": "fall"}, {"kind": "crowd"}],
        ),
        ZonePlan(
            code="road", kind="area", points=road, names={"ko": "차로", "en": "Road"},
            rules=[{"kind": "stopped_vehicle", "after_s": 20.0}, {"kind": "accident"}],
        ),
        ZonePlan(code="over", kind="line", points=middle, names={"ko": "가운데", "en": "Middle"}),
    ]  # fmt: skip


def _thing(
    town: Town, code: str, names: dict[str, str], place: tuple[float, float], height_m: float
) -> Thing:
    lon, lat = to_lonlat((float(np.round(place[0], 3)), float(np.round(place[1], 3))))
    plan = ThingPlan(code=code, names=names, lon=lon, lat=lat, height_m=height_m)
    return provision_thing(gateway=gateway_of(town, GATEWAY), plan=plan)


def _connected(thing: Thing, path: str, subject: str) -> Camera:
    known = Camera.objects.filter(thing=thing).first()
    if known is not None:
        return known
    return connect_camera(
        thing=thing, kind="mjpeg", url=NOWHERE_YET + path, subject=subject, actor=ACTOR
    )
