"""One's own data is handed out whole and let go of; no foreign key to a person is forgotten."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, Model
from PIL import Image

from apps.accounts import services
from apps.accounts.models import Consent, Contact, DutyShift, Membership, Person, PhoneCode, User
from apps.accounts.services import personal_data
from apps.accounts.services.personal_data import (
    Erased,
    Section,
    covered_by,
    covers,
    erasers,
    exporters,
)
from apps.base.media import keep_photo
from apps.base.models import Media
from apps.base.registry import Registry
from tests.conftest import NOON
from tests.support.world import People


def keys_to_people(models: Iterator[type[Model]]) -> set[str]:
    """Every foreign key (one-to-one included) to a person or a login user."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in models
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model in (Person, User)
    }


ALL_KEYS = keys_to_people(iter(apps.get_models(include_auto_created=True)))


@pytest.mark.parametrize("key", sorted(ALL_KEYS))
def test_every_foreign_key_to_a_person_is_exported_and_erased(key: str) -> None:
    assert key in covered_by(exporters), f"no personal-data exporter covers {key}"
    assert key in covered_by(erasers), f"no personal-data eraser covers {key}"


def test_nothing_is_covered_that_does_not_exist() -> None:
    assert covered_by(exporters) | covered_by(erasers) <= ALL_KEYS


def test_the_scan_sees_a_key_that_nobody_covers() -> None:
    assert "accounts.Contact.person" in ALL_KEYS
    assert "account.EmailAddress.user" in ALL_KEYS
    registry: Registry[Any] = Registry("nobody")
    assert not ALL_KEYS & covered_by(registry)


def test_an_export_holds_what_the_city_keeps(people: People) -> None:
    export = services.export_person(person=people.sora)
    assert export.content_type == "application/json"
    document = json.loads(export.content)
    person = document["sections"]["person"]
    assert document["person"] == str(people.sora.code)
    assert person["display_name"] == "한소라"
    assert {c["value"] for c in person["contacts"]} == {"+821000000101", "sora@dalbit.example"}
    assert person["mobility_profile"] == {"base": "wheelchair_manual", "limits": {}}
    assert person["consents"][0]["purpose"] == "mobility-profile"
    assert document["sections"]["sign-in"]["email"] == "sora@dalbit.example"


def test_an_export_says_nothing_of_others(people: People) -> None:
    text = services.export_person(person=people.sora).content.decode()
    assert "minjun" not in text
    assert people.park.display_name not in text


def test_an_officers_export_holds_roles_and_shifts(people: People) -> None:
    services.plan_shift(
        department=people.safety, person=people.park, starts_at=NOON, ends_at=NOON.replace(hour=9)
    )
    sections = json.loads(services.export_person(person=people.park).content)["sections"]
    assert sections["staff"]["roles"] == [{"department": "safety", "role": "officer", "areas": []}]
    assert sections["staff"]["duty_shifts"][0]["department__code"] == "safety"


_photos: list[Media] = []


@covers()
def _photo_section(_person: Person) -> Section:
    return Section({"photos": len(_photos)}, media=tuple(_photos))


def test_photos_come_along_in_a_zip(
    people: People, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    registry: Registry[Any] = Registry("personal-data exporter")
    registry.add("photos", f"{__name__}._photo_section")
    monkeypatch.setattr(personal_data, "exporters", registry)
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    monkeypatch.setattr("tests.accounts.test_personal_data._photos", [keep_photo(out.getvalue())])
    export = services.export_person(person=people.sora)
    assert export.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
        names = archive.namelist()
        photo = next(name for name in names if name.startswith("media/"))
        assert Image.open(io.BytesIO(archive.read(photo))).size == (8, 8)
    assert "citizen.json" in names


def traces_of(person: Person) -> int:
    """Rows that still lead to the person, through any foreign key."""
    count = 0
    for key in ALL_KEYS - {"accounts.Person.user"}:
        label, _dot, name = key.rpartition(".")
        model = apps.get_model(label)
        target = model._meta.get_field(name).related_model
        lookup = {name: person} if target is Person else {f"{name}__person": person}
        count += model._default_manager.filter(**lookup).count()
    return count


def test_erasing_leaves_an_empty_row_and_no_traces(people: People) -> None:
    assert traces_of(people.sora) > 0
    parts = services.erase_person(person=people.sora)
    row = Person.objects.get(pk=people.sora.pk)
    assert (row.display_name, row.user, row.contacts.count()) == ("", None, 0)
    assert row.erased_at is not None
    assert traces_of(row) == 0
    assert not User.objects.filter(email="sora@dalbit.example").exists()
    assert not EmailAddress.objects.filter(email="sora@dalbit.example").exists()
    assert parts["person"]["removed"] > 0


def test_erasing_one_person_leaves_the_others(people: People) -> None:
    before = (Contact.objects.count(), Consent.objects.count(), User.objects.count())
    gone = (people.sora.contacts.count(), people.sora.consents.count(), 1)
    services.erase_person(person=people.sora)
    after = (Contact.objects.count(), Consent.objects.count(), User.objects.count())
    assert after == tuple(a - b for a, b in zip(before, gone, strict=True))


def test_codes_on_their_way_to_the_phone_go_too(people: People, settings: Any) -> None:
    settings.PHONE_CODES = "loopback"
    services.request_phone_code(phone="+821000000101", locale="ko")
    services.erase_person(person=people.sora)
    assert not PhoneCode.objects.exists()


def test_the_record_of_official_acts_is_kept_and_the_reason_said(people: People) -> None:
    user = people.park.user
    assert user is not None
    LogEntry.objects.create(
        user=user, content_type=ContentType.objects.get_for_model(DutyShift), object_id="1",
        object_repr="shift", action_flag=CHANGE,
    )  # fmt: skip
    parts = services.erase_person(person=people.park)
    assert parts["staff"]["kept"] == 1
    assert parts["staff"]["reason"]
    user.refresh_from_db()
    assert (user.email, user.is_active, user.is_staff) == (None, False, False)
    assert not user.has_usable_password()
    assert not Membership.objects.filter(user=user).exists()


def test_an_erasure_repeated_under_its_key_answers_the_same(people: People) -> None:
    first = services.erase_person(person=people.sora, key="k1")
    assert services.erase_person(person=people.sora, key="k1") == first
    assert first["person"]["removed"] > 0


def test_an_erased_person_is_not_erased_again(people: People) -> None:
    services.erase_person(person=people.sora)
    assert services.erase_person(person=people.sora) == {}


@covers()
def _refuse(_person: Person) -> Erased:
    raise ConnectionError


def test_an_eraser_that_fails_lets_go_of_nothing(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry: Registry[Any] = Registry("personal-data eraser")
    for kind, path in erasers._paths.items():
        registry.add(kind, f"{__name__}._refuse" if kind == "sign-in" else path)
    monkeypatch.setattr(personal_data, "erasers", registry)
    with pytest.raises(ConnectionError):
        services.erase_person(person=people.sora)
    assert Person.objects.get(pk=people.sora.pk).display_name == "한소라"
    assert people.sora.contacts.exists()


def test_what_is_kept_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        Erased(kept=1)
