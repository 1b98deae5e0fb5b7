"""`tell`: from one person or an area to the chunks of the outbox."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import transaction

from apps.accounts.models import Person
from apps.base import clock
from apps.base.clock import Hand
from apps.notify.models import Chunk, Telling
from apps.notify.services import Audience, Content, Lane, Message, tell
from tests.notify.conftest import CENTRE, agree, register, save_place
from tests.support.world import People

WORDS = {
    "ko": Content(title="차량이 도착합니다", body="3분 후에 도착합니다."),
    "en": Content(title="Your ride", body="It comes in three minutes."),
}
RIDE = Message(contents=WORDS, category="ride")
ALARM = Message(contents=WORDS, category="alert", critical=True)


def square(half: float = 0.004, lon: float = CENTRE[0], lat: float = CENTRE[1]) -> MultiPolygon:
    box = Polygon.from_bbox((lon - half, lat - half, lon + half, lat + half))
    return MultiPolygon(box, srid=4326)


def chunks() -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for chunk in Chunk.objects.order_by("pk"):
        found.setdefault((chunk.transport, chunk.language), []).extend(chunk.recipients)
    return found


def say(to: Person | Audience, message: Message = RIDE, **more: Any) -> Telling:
    return tell(to=to, message=message, lane=more.pop("lane", Lane.SERVICE), key="k", **more)


def test_it_reaches_every_app_of_a_person_and_their_inbox(town: People) -> None:
    phone, tablet = register(town.sora), register(town.sora, locale="en")
    register(town.ben)
    say(town.sora)
    assert chunks() == {
        ("fcm", "ko"): [phone.pk],
        ("fcm", "en"): [tablet.pk],
        ("inbox", "ko"): [town.sora.pk],
    }


def test_the_same_key_tells_once(town: People) -> None:
    register(town.sora)
    first, again = say(town.sora), say(town.sora)
    assert first == again
    assert Chunk.objects.filter(transport="fcm").count() == 1


def test_what_is_told_commits_with_its_cause_or_not_at_all(town: People) -> None:
    def cause_that_fails() -> None:
        with transaction.atomic():
            say(town.sora)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        cause_that_fails()
    assert not Telling.objects.exists()
    assert not Chunk.objects.exists()


def test_without_an_app_it_goes_by_mail_and_else_by_text(town: People, settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:1/sms"
    say(town.sora)
    tell(to=town.halmeoni, message=RIDE, lane=Lane.SERVICE, key="other")
    assert chunks()["email", "ko"] == [town.sora.pk]
    assert chunks()["sms", "ko"] == [town.halmeoni.pk]


def test_in_danger_whoever_has_no_phone_to_wake_is_called_if_they_agreed(
    town: People, settings: Any
) -> None:
    settings.VOICE_URL = "http://127.0.0.1:1/call"
    agree(town.halmeoni, alerts_by_voice=True)
    for person in (town.halmeoni, town.jiwoo):
        save_place(person)
    say(Audience(square()), ALARM, lane=Lane.LIFE_SAFETY)
    assert chunks()["voice", "ko"] == [town.halmeoni.pk]
    assert chunks()["email", "ko"] == [town.jiwoo.pk]


def test_an_area_reaches_apps_by_cell_and_owners_of_places_once_each(town: People) -> None:
    near = register()
    away_with_home_here = register(town.sora, at=(127.30, 37.45))
    register(at=(127.30, 37.45))
    register(at=None)
    both = register(town.minjun)
    save_place(town.sora)
    save_place(town.minjun)
    telling = say(Audience(square()), ALARM, lane=Lane.LIFE_SAFETY)
    reached = [near.pk, away_with_home_here.pk, both.pk]
    assert sorted(chunks()["fcm", "ko"]) == sorted(reached)
    assert telling.planned >= 3


def test_an_audience_is_cut_into_chunks_of_five_hundred_by_language(town: People) -> None:
    for n in range(7):
        register(locale="en-GB" if n % 2 else "fr")
    Chunk.SIZE = 2
    try:
        say(Audience(square()), ALARM, lane=Lane.LIFE_SAFETY)
    finally:
        Chunk.SIZE = 500
    sizes = Chunk.objects.order_by("number").values_list("language", "recipients")
    assert {language for language, _ in sizes} == {"en"}
    assert sorted(len(recipients) for _, recipients in sizes) == [1, 2, 2, 2]


def test_an_app_that_ended_or_is_muted_hears_nothing(town: People) -> None:
    register(town.sora, ended_at=clock.now())
    register(town.sora, muted=["ride"])
    say(town.sora)
    assert ("fcm", "ko") not in chunks()


def test_quiet_hours_put_it_off_unless_it_is_critical(town: People, hand: Hand) -> None:
    asleep: Any = {"quiet_from": "11:00", "quiet_to": "13:00"}  # it is noon in Korea
    register(town.sora, **asleep)
    agree(town.ben, **asleep)
    say(town.sora)
    tell(to=town.ben, message=RIDE, lane=Lane.SERVICE, key="mail")
    tell(to=town.sora, message=ALARM, lane=Lane.LIFE_SAFETY, key="alarm")
    push, mail = (Chunk.objects.filter(transport=t).order_by("pk") for t in ("fcm", "email"))
    assert [chunk.due_at - clock.now() for chunk in push] == [timedelta(hours=1), timedelta()]
    assert [chunk.due_at - clock.now() for chunk in mail] == [timedelta(hours=1)]


def test_a_broadcast_also_wakes_the_topics_of_its_cells(town: People) -> None:
    say(Audience(square(), broadcast=True), ALARM, lane=Lane.LIFE_SAFETY)
    topics = chunks()
    assert topics["fcm_topic", "ko"]
    assert topics["fcm_topic", "ko"] == topics["fcm_topic", "en"]


@pytest.mark.parametrize(
    "bad", [{"title": ""}, {"body": " "}, {"title": "x" * 161}, {"body": "x" * 601}]
)
def test_a_message_that_says_nothing_or_too_much_is_refused(bad: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"title|body"):
        Content(**{"title": "t", "body": "b", **bad})
