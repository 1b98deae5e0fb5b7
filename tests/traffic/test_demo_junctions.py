"""The demo town's junctions: safe layouts, controllers that keep them, and staff who see them."""

from pathlib import Path

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.traffic.models import Junction
from apps.traffic.selectors.junctions import junctions_to_watch
from apps.traffic.services.provisioning import provision_junction
from apps.traffic.snapshot import load_plan
from benchmarks.signals.referee import Referee
from citizen.demo.signals.crossing_net import write_crossing
from citizen.demo.signals.plans import plans_of
from citizen.demo.signals.street import Street
from citizen.demo.signals.sumo_street import SumoStreet
from citizen.demo.world.town import SEED, build_town
from tests.devices.conftest import found_city
from tests.support.world import sign_in_staff


@pytest.fixture
def junctions(db: None) -> list[Junction]:
    found_city()
    return [provision_junction(plan=plan) for plan in plans_of(build_town(SEED))]


def test_every_junction_of_the_town_keeps_its_people_apart(junctions: list[Junction]) -> None:
    assert len(junctions) > 10
    for junction in junctions:
        street = Street(load_plan(junction), seed=junction.pk)
        referee = Referee(street.plan.layout)
        for second in range(1, 300):
            street.tick(float(second), 1.0)
            referee.see(street.controller.state, float(second), set())
        assert (referee.conflicts, referee.broken_minimums) == (0, 0), junction.code


def test_a_junction_without_a_controller_is_not_asked(junctions: list[Junction]) -> None:
    assert junctions_to_watch() == []


def test_staff_see_the_junctions_and_switch_one_to_shadow(
    junctions: list[Junction], chief: User, client: Client
) -> None:
    sign_in_staff(client, chief)
    assert client.get("/admin/traffic/junction/").status_code == 200
    assert client.get(f"/admin/traffic/junction/{junctions[0].pk}/change/").status_code == 200
    client.post(
        "/admin/traffic/junction/",
        {"action": "watch_in_shadow", "_selected_action": [junctions[0].pk]},
    )
    junctions[0].refresh_from_db()
    assert junctions[0].mode == "shadow"


def test_commanding_needs_shadow_first(
    junctions: list[Junction], chief: User, client: Client
) -> None:
    sign_in_staff(client, chief)
    answer = client.post(
        "/admin/traffic/junction/",
        {"action": "command", "_selected_action": [junctions[0].pk]},
        follow=True,
        headers={"accept-language": "en"},
    )
    junctions[0].refresh_from_db()
    assert junctions[0].mode == "local"
    assert "shadow first" in answer.content.decode()


def test_sumo_drives_the_cars_of_one_junction(junctions: list[Junction]) -> None:
    """A closed loop: cars stop at our lights, roll over our detectors, and get through."""
    pytest.importorskip("libsumo")
    street = SumoStreet(load_plan(junctions[0]), seed=7)
    referee, counted = Referee(street.plan.layout), 0
    for step in range(1, 1201):
        street.tick(step * 0.5, 0.5)
        referee.see(street.controller.state, step * 0.5, set())
        counted = max(counted, street.controller.sequence)
    volumes = [volume for volume, _occupancy in street.controller.detectors.values()]
    street.close()
    assert (referee.conflicts, referee.broken_minimums) == (0, 0)
    assert counted >= 18
    assert len(volumes) == len(street.plan.approaches)
    assert sum(volumes) > 3


@pytest.mark.parametrize("arms", [3, 4, 5])
def test_a_crossing_of_any_number_of_arms_is_a_network(arms: int, tmp_path: Path) -> None:
    path = write_crossing(tmp_path, per_hour=[200.0] * arms, detector_m=[80.0] * arms)
    assert path.exists()
    net = (tmp_path / "crossing.net.xml").read_text()
    assert net.count("<connection ") == net.count("<request ") == arms * (arms - 1)
    assert {way for way in ("r", "l") if f'dir="{way}"' in net} == {"r", "l"}
