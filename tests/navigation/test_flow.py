"""Driving times follow the traffic: now, as forecast, and freely where nobody measures."""

from datetime import timedelta

import pytest

from apps.base import clock
from apps.base.clock import Hand
from apps.city.core.osm import Element
from apps.navigation.models import GraphBuild
from apps.navigation.selectors.travel import Drive, drive, travel_matrix
from apps.traffic.core.fusion import Source
from apps.traffic.models import Link, LinkState
from apps.traffic.services.links import build_links
from apps.traffic.services.speeds import Seen, note_seen
from tests.navigation.conftest import dalbit, place

FROM, TO = place("station").lonlat, place("old_town_hall").lonlat


@pytest.fixture
def roads(walkable: GraphBuild) -> GraphBuild:
    town = dalbit()
    elements: list[Element] = [*town.nodes, *town.ways]
    build_links(elements=elements)
    return walkable


def driven(minutes: float = 0) -> Drive:
    found = drive(origin=FROM, destination=TO, at=clock.now() + timedelta(minutes=minutes))
    assert found is not None
    return found


def jam(share: float) -> None:
    """Every street of the town goes at a share of its free speed."""
    now = clock.now()
    note_seen(
        seen=[
            Seen(link.pk, now, Source.DETECTOR, link.free_mps * share, 20)
            for link in Link.objects.all()
        ]
    )


def test_a_jam_slows_the_drive_and_its_end_frees_it(roads: GraphBuild, hand: Hand) -> None:
    free = driven()
    jam(0.4)
    hand.move(timedelta(seconds=31))
    slow = driven()
    assert slow.seconds > 1.5 * free.seconds
    matrix = travel_matrix(profile="car", origins=[FROM], destinations=[TO])
    assert matrix.seconds[0, 0] == pytest.approx(slow.seconds, rel=0.02)
    hand.move(timedelta(minutes=11))
    assert driven().seconds == pytest.approx(free.seconds)


def test_a_jam_on_the_usual_way_leads_round_it(roads: GraphBuild, hand: Hand) -> None:
    usual = driven()
    on_it = set(usual.line)
    slow = [
        Seen(link.pk, clock.now(), Source.DETECTOR, 0.6, 20)
        for link in Link.objects.all()
        if sum((round(x, 7), round(y, 7)) in on_it for x, y in link.geom.coords) > 1
    ]
    note_seen(seen=slow)
    hand.move(timedelta(seconds=31))
    assert driven().line != usual.line


def test_the_future_is_driven_as_forecast(roads: GraphBuild, hand: Hand) -> None:
    free = driven()
    jam(0.9)
    for state in LinkState.objects.select_related("link"):
        free_mps = state.link.free_mps
        LinkState.objects.filter(pk=state.pk).update(ahead_mps=[free_mps, free_mps / 3, free_mps])
    hand.move(timedelta(seconds=31))
    assert driven(30).seconds > 1.5 * free.seconds
    assert driven(60).seconds == pytest.approx(free.seconds, rel=0.15)
    assert driven(180).seconds == pytest.approx(free.seconds)
