"""Staff's pages of parking."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.base.models import AuditEntry
from apps.parking.models import ParkingSite
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


@pytest.mark.parametrize("model", ["parkingsite", "poolfeed"])
def test_every_page_opens(staff: Client, town: Town, model: str) -> None:
    assert staff.get(f"/admin/parking/{model}/").status_code == 200


def test_a_retired_site_leaves_the_screens(staff: Client, town: Town) -> None:
    site = ParkingSite.objects.get(code="lot")
    staff.post("/admin/parking/parkingsite/", {"action": "retire", "_selected_action": [site.pk]})

    assert town.row("lot")["gone"]
