"""Staff's view of the city."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.gis.geos import Point
from django.test import Client

from apps.base.models import AuditEntry
from apps.city.models import CalendarDay, City, ImportRun, Obstruction, Place
from apps.city.services.obstructions import Facts, open_obstruction


@pytest.fixture
def staff(corner: ImportRun, settings: Any) -> Client:
    settings.LANGUAGE_CODE = "en"
    settings.STAFF_MFA = False  # accounts tests that door
    user = get_user_model().objects.create_superuser("park@example.org", "secret-of-park")
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "page", ["city", "calendarday", "district", "street", "address", "place", "obstruction",
             "importrun"],
)  # fmt: skip
def test_each_list_opens(staff: Client, page: str) -> None:
    assert staff.get(f"/admin/city/{page}/").status_code == 200


@pytest.mark.parametrize("page", ["district", "street", "address", "place", "importrun"])
def test_rows_of_the_map_are_shown_with_their_map(staff: Client, page: str) -> None:
    model = {"district": "r202", "street": "w101"}.get(page)
    found = next(iter(_rows(page, model)))
    answer = staff.get(f"/admin/city/{page}/{found.pk}/change/")
    assert answer.status_code == 200
    assert b'name="_save"' not in answer.content


def _rows(page: str, code: str | None) -> Any:
    rows = apps.get_model("city", page).objects.all()
    return rows.filter(code=code) if code else rows


def test_the_map_asks_nobody_outside(staff: Client) -> None:
    page = staff.get("/admin/city/obstruction/add/").content.decode()
    assert "vendor/ol/ol.js" in page
    assert "cityBaseLayer()" in page
    assert "jsdelivr" not in page
    assert "https://" not in page.replace("https://unfoldadmin", "")


def _facts(**more: str) -> dict[str, str]:
    return {
        "kind": "road_works",
        "description": "pipes",
        "geom": "SRID=4326;POINT(127.262 37.43)",
        "certainty": "1",
        "valid_from_0": "2026-11-22",
        "valid_from_1": "09:00:00",
        "valid_to_0": "",
        "valid_to_1": "",
        "stops": "wheels",
        **more,
    }


def test_what_staff_enter_is_confirmed_and_audited(staff: Client) -> None:
    answer = staff.post("/admin/city/obstruction/add/", _facts())
    assert answer.status_code == 302, answer.context["errors"]
    made = Obstruction.objects.get()
    assert (made.state, made.source, made.stops) == ("confirmed", "staff", ["wheels"])
    assert made.geom_m is not None
    actions = set(AuditEntry.objects.values_list("actor", "action"))
    assert ("park@example.org", "city.obstruction.open") in actions


def test_what_staff_change_keeps_its_source_and_tells_screens(staff: Client) -> None:
    staff.post("/admin/city/obstruction/add/", _facts())
    made = Obstruction.objects.get()
    answer = staff.post(f"/admin/city/obstruction/{made.pk}/change/", _facts(depth_m="0.2"))
    assert answer.status_code == 302, answer.context["errors"]
    changed = Obstruction.objects.get()
    assert (changed.reference, changed.depth_m) == (made.reference, 0.2)
    assert changed.version > made.version


@pytest.mark.parametrize(
    ("action", "state"), [("confirm", "confirmed"), ("close", "closed"), ("refuse", "refused")]
)
def test_staff_move_obstructions_from_the_list(staff: Client, action: str, state: str) -> None:
    made = open_obstruction(
        source="gauges",
        reference="1",
        facts=Facts(kind="flood", geom=Point(127.262, 37.43, srid=4326)),
        actor="gauges",
    )
    chosen = {"action": action, "_selected_action": [str(made.pk)]}
    staff.post("/admin/city/obstruction/", chosen)
    made.refresh_from_db()
    assert made.state == state
    assert AuditEntry.objects.filter(actor="park@example.org").exists()


def test_a_place_of_our_own_is_kept_by_the_service(staff: Client) -> None:
    form = {
        "names_local": "달빛샘", "names_ko": "", "names_en": "Dalbit Spring",
        "other_names": "", "kind": "park", "reference": "spring", "address": "",
        "weight": "0.5", "details": "{}", "geom": "SRID=4326;POINT(127.262 37.43)",
    }  # fmt: skip
    answer = staff.post("/admin/city/place/add/", form)
    assert answer.status_code == 302, answer.context["errors"]
    place = Place.objects.get(source="city")
    assert (place.names, place.code) == ({"": "달빛샘", "en": "Dalbit Spring"}, "city-spring")
    assert place.district is not None
    staff.post(f"/admin/city/place/{place.pk}/delete/", {"post": "yes"})
    place.refresh_from_db()
    assert place.gone_at is not None


def test_there_is_one_city_and_it_stays(staff: Client) -> None:
    assert staff.get("/admin/city/city/add/").status_code == 403
    city = City.objects.get()
    assert staff.get(f"/admin/city/city/{city.pk}/delete/").status_code == 403
    page = staff.get(f"/admin/city/city/{city.pk}/change/")
    assert page.status_code == 200


def test_a_special_day_is_audited(staff: Client) -> None:
    form = {"day_on": "2026-11-20", "kind": "holiday", "names_local": "달빛축제"}
    answer = staff.post("/admin/city/calendarday/add/", form)
    assert answer.status_code == 302, answer.context["errors"]
    assert CalendarDay.objects.get().names == {"": "달빛축제"}
    assert AuditEntry.objects.filter(action="city.calendarday.added").exists()


def test_a_failed_import_shows_its_reason(staff: Client, corner: ImportRun) -> None:
    page = staff.get(f"/admin/city/importrun/{corner.pk}/change/").content.decode()
    assert "relation/203" in page
    assert corner.errors[0]["reason"] in page
