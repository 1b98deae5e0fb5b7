"""Staff's pages of parking."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.base import clock
from apps.base.clock import Hand
from apps.base.models import AuditEntry
from apps.parking.models import ForecastModel, Override, ParkingSite
from apps.parking.services.trust import judge_feeds
from tests.parking.conftest import Town
from tests.support.world import sign_in_staff


@pytest.fixture
def staff(db: None) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    sign_in_staff(client, User.objects.create_superuser("chief@dalbit.example"))
    return client


def form(site: ParkingSite, **changes: object) -> dict[str, object]:
    pools = list(site.pools.order_by("pk"))
    fields: dict[str, object] = {
        "names_local": "역", "names_en": "Station Lot", "kind": site.kind, "geom": site.geom.wkt,
        "pools-TOTAL_FORMS": len(pools), "pools-INITIAL_FORMS": len(pools),
    }  # fmt: skip
    for n, pool in enumerate(pools):
        fields |= {
            f"pools-{n}-id": pool.pk,
            f"pools-{n}-site": site.pk,
            f"pools-{n}-category": pool.category,
            f"pools-{n}-total": pool.total,
        }
    return fields | changes


def test_a_changed_capacity_is_shown_at_once(staff: Client, town: Town) -> None:
    town.say(("lot.taken", 30))
    before, site = town.row("lot"), ParkingSite.objects.get(code="lot")

    answer = staff.post(
        f"/admin/parking/parkingsite/{site.pk}/change/", form(site, **{"pools-0-total": 25})
    )

    assert answer.status_code == 302, answer.content.decode()
    row = town.row("lot")
    assert (row["capacity"], row["free"], row["pools"][0]["flaw"]) == (25, 0, "over_capacity")
    assert row["version"] > before["version"]
    assert AuditEntry.objects.filter(action="parking.parkingsite.changed").exists()


def test_a_closed_site_says_so(staff: Client, town: Town) -> None:
    town.say(("lot.free", 30))
    site = ParkingSite.objects.get(code="lot")

    staff.post(f"/admin/parking/parkingsite/{site.pk}/change/", form(site, closed="on"))

    assert town.row("lot")["state"] == "closed"


@pytest.mark.parametrize(
    "model",
    ["parkingsite", "poolfeed", "accesspoint", "exclusion", "citizenreport", "forecastmodel",
     "override", "override/add"],
)  # fmt: skip
def test_every_page_opens(staff: Client, town: Town, model: str) -> None:
    assert staff.get(f"/admin/parking/{model}/").status_code == 200


def test_a_retired_site_leaves_the_screens(staff: Client, town: Town) -> None:
    site = ParkingSite.objects.get(code="lot")
    staff.post("/admin/parking/parkingsite/", {"action": "retire", "_selected_action": [site.pk]})

    assert town.row("lot")["gone"]


def test_the_quality_map_names_the_worst_first(staff: Client, town: Town) -> None:
    town.say(("lot.free", 30))
    page = staff.get("/admin/parking/parkingsite/").content.decode()

    assert 'id="quality-map"' in page
    assert page.index('data-grade="poor"') < page.index('data-grade="good"')


def test_a_scorecard_shows_each_device(staff: Client, town: Town, hand: Hand) -> None:
    town.say(("lot.free", 30))
    hand.move(timedelta(days=21))
    judge_feeds()
    site = ParkingSite.objects.get(code="lot")

    page = staff.get(f"/admin/parking/parkingsite/{site.pk}/change/").content.decode()

    assert "parking/lot.free" in page
    assert "silent" in page
    listed = staff.get("/admin/parking/exclusion/?present=yes").content.decode()
    assert "lot.free" in listed


def test_staff_override_a_count_for_some_hours(staff: Client, town: Town) -> None:
    town.say(("lot.free", 30))
    fields = {"kind": "count", "pool": town.pool("lot").pk, "occupied": 38, "reason": "Fair",
              "hours": 2}  # fmt: skip

    answer = staff.post("/admin/parking/override/add/", fields)

    assert answer.status_code == 302, answer.content.decode()
    assert (town.row("lot")["free"], town.row("lot")["source"]) == (2, "staff")
    row = Override.objects.get()
    staff.post("/admin/parking/override/", {"action": "end", "_selected_action": [row.pk]})
    assert town.row("lot")["free"] == 30


@pytest.mark.parametrize(
    "wrong", [{"occupied": 41}, {"occupied": ""}, {"hours": 0}, {"reason": ""}, {"kind": "exclude"}]
)
def test_an_override_without_sense_is_sent_back(
    staff: Client, town: Town, wrong: dict[str, object]
) -> None:
    fields = {"kind": "count", "pool": town.pool("lot").pk, "occupied": 38, "reason": "Fair",
              "hours": 2}  # fmt: skip

    assert staff.post("/admin/parking/override/add/", fields | wrong).status_code == 200
    assert not Override.objects.exists()


def test_the_backtest_page_compares_with_as_it_is_now(staff: Client, town: Town) -> None:
    score = {"minutes": 60, "cases": 1200, "mae": 0.02, "persistence": 0.08, "held": 0.9,
             "by_pool": {str(town.pool("lot").pk): 0.02}}  # fmt: skip
    model = ForecastModel.objects.create(
        trained_at=clock.now(), learned_from=clock.now(), learned_to=clock.now(), pools=1,
        learned=b"", backtest={"horizons": [score]}, in_use=True,
    )  # fmt: skip

    page = staff.get(f"/admin/parking/forecastmodel/{model.pk}/change/").content.decode()

    assert "75.0 %" in page
    assert "90.0 %" in page
