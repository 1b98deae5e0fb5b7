"""Bays that a camera sees: its word with its confidence, and nothing once it looks elsewhere."""

import random
from typing import Any

import numpy as np
import pytest
from django.test import Client

from apps.accounts.models import User
from apps.base import clock
from apps.base.clock import Hand
from apps.parking.models import ParkingSite, PoolState
from apps.parking.services.camera_bays import link_bays
from apps.parking.services.provisioning import (
    BayPlan,
    PoolPlan,
    SitePlan,
    define_properties,
    provision_site,
)
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.models import Alarm, BayPatch, Camera, CameraState, CameraTuning
from devices.protocols.batch import read_rows
from devices.services.camera_health import note_health
from devices.services.cameras import ZonePlan, connect_camera, draw
from devices.services.commissioning import note_tuning
from devices.services.gateways import create_gateway
from devices.services.health import judge_health
from devices.services.provisioning import ThingPlan, provision_thing
from devices.vision.occupancy.classifier import Head
from devices.vision.occupancy.commissioning import tune
from tests.devices.conftest import found_city
from tests.support.world import sign_in_staff

MARKS = [
    (0.0, 0.0, 127.2600, 37.4302), (1.0, 0.0, 127.2604, 37.4302),
    (1.0, 1.0, 127.2604, 37.4300), (0.0, 1.0, 127.2600, 37.4300),
]  # fmt: skip


def square(n: int) -> list[tuple[float, float]]:
    left = 0.1 + 0.2 * n
    return [(left, 0.4), (left + 0.1, 0.4), (left + 0.1, 0.6), (left, 0.6)]


@pytest.fixture
def lot(hand: Hand, db: None) -> Camera:
    """Four bays; the first bears the bay's code, the others are found by their place."""
    found_city()
    define_properties()
    bays = tuple(
        BayPlan(code=f"bay-{n}", lon=127.26 + 0.0004 * (0.15 + 0.2 * n), lat=37.4301)
        for n in range(4)
    )
    site = provision_site(
        SitePlan(code="lot", names={"en": "Lot"}, kind="lot", lon=127.26, lat=37.43,
                 pools=(PoolPlan(total=4, bays=bays),))
    )  # fmt: skip
    gateway, _key = create_gateway(code="eyes", names={"en": "Eyes"}, actor="test")
    plan = ThingPlan(code="eye", names={"en": "Eye"}, lon=127.26, lat=37.43)
    thing = provision_thing(gateway=gateway, plan=plan)
    camera = connect_camera(thing=thing, kind="mjpeg", url="http://127.0.0.1:9/", actor="test")
    codes = ["bay-0", "second", "third", "fourth"]
    zones = [ZonePlan(code=code, kind="bay", points=square(n)) for n, code in enumerate(codes)]
    stray = ZonePlan(code="stray", kind="bay", points=[(x, y + 0.4) for x, y in square(0)])
    draw(camera=camera, zones=[*zones, stray], marks=MARKS, actor="test")
    camera.refresh_from_db()
    linked = link_bays(site=site, camera=camera, actor="test")
    assert (linked.bays, linked.unknown) == (4, ("stray",))
    note_health(camera_id=camera.pk, health="ok")
    return camera


def say(**chances: float) -> None:
    at = clock.now().isoformat()
    rows = [
        {"datastream": f"eye:{zone.replace('_', '-')}:occupancy", "phenomenonTime": at, "result": p}
        for zone, p in chances.items()
    ]
    assert accept(read_rows(rows), known_as("eyes")).stored == len(rows)


def state() -> tuple[int | None, str]:
    found = PoolState.objects.get(pool__site__code="lot")
    return found.occupied, found.quality


def test_what_a_camera_is_sure_of_counts_and_what_it_is_not_is_promised_to_nobody(
    lot: Camera,
) -> None:
    say(bay_0=0.02, second=0.97, third=0.5, fourth=0.35)
    assert state() == (3, "live")
    say_later = PoolState.objects.get(pool__site__code="lot").confidence
    assert 0.6 < say_later < 0.9


def test_a_turned_camera_makes_its_bays_unknown_at_once_and_the_desk_is_told(
    lot: Camera, hand: Hand
) -> None:
    say(bay_0=0.02, second=0.97, third=0.02, fourth=0.02)
    assert state() == (1, "live")

    note_health(camera_id=lot.pk, health=CameraState.Health.MOVED)

    assert state() == (None, "unknown")
    alarm = Alarm.objects.open().get()
    assert (alarm.kind, str(alarm.datastream)) == ("blind", "eyes/eye:sees")
    judge_health()
    assert Alarm.objects.open().count() == 1  # not one for each bay that is silent now

    note_health(camera_id=lot.pk, health=CameraState.Health.OK)
    assert state() == (1, "live")
    assert not Alarm.objects.open().exists()


def test_a_bay_that_is_drawn_no_more_is_retired(lot: Camera) -> None:
    kept = ZonePlan(code="bay-0", kind="bay", points=square(0))
    draw(camera=lot, zones=[kept], actor="test")
    receipt = accept(
        read_rows([{"datastream": "eye:second:occupancy", "phenomenonTime": clock.now().isoformat(),
                    "result": 1}]),
        known_as("eyes"),
    )  # fmt: skip
    assert [one.code for one in receipt.quarantined] == ["retired"]


# ---------------------------------------------------------------- commissioning


@pytest.fixture
def staff(db: None) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    sign_in_staff(client, User.objects.create_superuser("chief@dalbit.example"))
    return client


def page(lot: Camera) -> str:
    site = ParkingSite.objects.get(code="lot")
    return f"/admin/parking/parkingsite/{site.pk}/commission/{lot.pk}/"


def collected(lot: Camera, number: int = 16) -> list[BayPatch]:
    zones = list(lot.zones.filter(kind="bay"))
    return BayPatch.objects.bulk_create(
        BayPatch(zone=zones[n % 4], picture=b"png", taken=n / number, seen_at=clock.now())
        for n in range(number)
    )


def test_the_assistant_asks_for_the_least_sure_and_goes_live_by_held_out_bays(
    lot: Camera, staff: Client
) -> None:
    staff.post(page(lot), {"step": "collect"})
    lot.refresh_from_db()
    assert lot.collects_patches
    patches = collected(lot)
    shown = staff.get(page(lot)).content.decode()
    doubtful, sure = f'name="patch-{patches[8].pk}"', f'name="patch-{patches[0].pk}"'
    assert shown.index(doubtful) < shown.index(sure)

    told = staff.post(page(lot), {"step": "learn"}, follow=True).content.decode()
    assert "must be labelled first" in told
    answers: dict[str, Any] = {
        f"patch-{patch.pk}": "taken" if n % 2 else "free" for n, patch in enumerate(patches)
    }
    staff.post(page(lot), answers | {"step": "label"})
    staff.post(page(lot), {"step": "learn"})
    tuning = CameraTuning.objects.get()
    assert tuning.state == "waiting"

    head = {"weights": [0.1] * 64, "bias": 0.2}
    note_tuning(
        tuning=tuning, state="done", labels=16, accuracy_before=0.81, accuracy=0.97, head=head
    )
    assert "97 %" in staff.get(page(lot)).content.decode()
    staff.post(page(lot), {"step": "live", "tuning": tuning.pk})
    lot.refresh_from_db()
    assert lot.head == head
    staff.post(page(lot), {"step": "back"})
    lot.refresh_from_db()
    assert lot.head == {}


def test_it_goes_live_by_nothing_that_was_not_learned(lot: Camera, staff: Client) -> None:
    tuning = CameraTuning.objects.create(camera=lot, asked_at=clock.now(), asked_by="test")
    told = staff.post(page(lot), {"step": "live", "tuning": tuning.pk}, follow=True)
    assert "has not been learned" in told.content.decode()
    lot.refresh_from_db()
    assert lot.head == {}


def test_sixty_answers_teach_a_lot_whose_look_is_another() -> None:
    """A lot where another feature tells than the usual layer looks at."""
    rng, chance = np.random.default_rng(4), random.Random(4)
    taken = np.array([float(chance.random() < 0.5) for _ in range(60)])
    features = rng.normal(0, 0.6, (60, 64))
    features[:, 3] += 3 * taken
    usual = Head(tuple(np.eye(64)[5]), 0.0)
    lesson = tune(usual, features, taken, bays=np.arange(60) % 12)
    assert lesson.balanced_accuracy > lesson.before + 0.15


def test_a_layer_that_is_right_already_is_left_nearly_as_it_is() -> None:
    rng = np.random.default_rng(5)
    taken = (rng.random(60) < 0.5).astype(float)
    features = rng.normal(0, 0.3, (60, 64))
    features[:, 5] += 4 * taken - 2
    usual = Head(tuple(3 * np.eye(64)[5]), 0.0)
    learned = tune(usual, features, taken).head
    assert np.abs(np.array(learned.weights) - np.array(usual.weights)).max() < 0.6
