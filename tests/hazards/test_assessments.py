"""The inbox of assessments: what comes in, comes again, is taken, ends; and who is called."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry, Point, Polygon

from apps.accounts.services import plan_shift
from apps.base import clock, work
from apps.base.clock import Hand
from apps.base.problems import Conflict, Invalid
from apps.hazards.models import Assessment
from apps.hazards.services import (
    Finding,
    assess,
    dismiss_assessment,
    end_assessment,
    mark_alerted,
    take_assessment,
)
from apps.notify.models import Chunk
from tests.devices.conftest import found_city
from tests.support.world import People

BOX = Polygon.from_bbox((127.25, 37.42, 127.26, 37.43))


@pytest.fixture
def town(hand: Hand, people: People) -> People:
    found_city()
    for rank, person in ((1, people.park), (2, people.sora)):
        plan_shift(
            department=people.safety, person=person, starts_at=clock.now(),
            ends_at=clock.now() + timedelta(hours=12), rank=rank,
        )  # fmt: skip
    return people


def found(**more: Any) -> Finding:
    facts: dict[str, Any] = {
        "kind": "flood", "summary": "Mill Stream rises", "geom": BOX, "severity": "Moderate",
        "certainty": "Likely", "evidence": [{"title": "stage", "value": 4.2, "unit": "m"}],
    }  # fmt: skip
    return Finding(**(facts | more))


def report(reference: str = "gauge-1", **more: Any) -> Assessment:
    supersedes = more.pop("supersedes", "")
    return assess(source="water", reference=reference, finding=found(**more), supersedes=supersedes)


def called() -> list[int]:
    """Everybody whose phone rings or app wakes, in order."""
    while work.sweep():
        pass
    rows = Chunk.objects.filter(transport="inbox").order_by("pk").values_list("recipients")
    return [pk for (recipients,) in rows for pk in recipients]


def test_the_same_reference_brings_it_up_to_date(town: People) -> None:
    first = report()
    again = report(severity="Severe", summary="Mill Stream is out")
    assert (again.pk, again.revision, again.severity) == (first.pk, 2, "Severe")
    assert Assessment.objects.count() == 1


def test_a_point_with_a_distance_around_it_is_an_area(town: People) -> None:
    row = report(geom=Point(127.255, 37.425, srid=4326), buffer_m=100)
    assert row.geom.geom_type == "MultiPolygon"
    assert 29_000 < row.geom_m.area < 31_500


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"geom": Point(127.255, 37.425)}, "geom"),
        ({"geom": GEOSGeometry("POLYGON((127.25 37.42,127.26 37.43,127.26 37.42,127.25 37.43,"
                               "127.25 37.42))")}, "geom"),
        ({"geom": Polygon.from_bbox((10, 10, 11, 11))}, "geom"),
        ({"severity": "severe"}, "severity"), ({"certainty": "Sure"}, "certainty"),
        ({"kind": "dragon"}, "kind"), ({"probability": 1.5}, "probability"),
    ],
)  # fmt: skip
def test_terms_that_nobody_knows_and_areas_that_are_none_are_refused(
    town: People, bad: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        report(**bad)
    assert field in refused.value.errors
    assert not Assessment.objects.exists()


def test_the_roster_is_called_rank_by_rank_until_somebody_is_on_it(
    town: People, hand: Hand
) -> None:
    row = report()
    assert called() == [town.park.pk]
    hand.move(timedelta(minutes=3))
    assert called() == [town.park.pk, town.sora.pk]
    take_assessment(code=str(row.code), person=town.park, actor="park")
    hand.move(timedelta(minutes=30))
    assert len(called()) == 2


def test_it_calls_again_when_it_gets_worse_but_not_when_it_is_repeated(town: People) -> None:
    row = report()
    called()
    take_assessment(code=str(row.code), person=town.park, actor="park")
    report()
    assert len(called()) == 1
    Assessment.objects.update(state="new")
    report(severity="Extreme")
    assert len(called()) == 2


def test_what_was_dismissed_stays_so_unless_it_gets_worse(town: People) -> None:
    row = report()
    dismiss_assessment(code=str(row.code), actor="park")
    assert report().state == "dismissed"
    assert report(severity="Severe").state == "new"


def test_a_newer_one_supersedes_an_older_of_its_source(town: People) -> None:
    older = report("run-1")
    newer = report("run-2", supersedes="run-1")
    older.refresh_from_db()
    assert (older.state, older.superseded_by) == ("superseded", newer)


def test_what_people_were_warned_of_is_not_dismissed_but_ends(town: People) -> None:
    row = report()
    mark_alerted(code=str(row.code), actor="park")
    with pytest.raises(Conflict):
        dismiss_assessment(code=str(row.code), actor="park")
    ended = end_assessment(source="water", reference="gauge-1")
    assert ended is not None
    assert ended.state == "over"
    assert end_assessment(source="water", reference="gauge-1") is None
