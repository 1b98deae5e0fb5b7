"""What the city does by telephone, by keys alone, over the real line: parking, rides, complaints of
others, warnings, a person. The caller presses what is read out."""

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from apps.accounts import services as accounts
from apps.accounts.kinds import loopback
from apps.accounts.models import Person
from apps.assistant.models import Call, CallTurn, Conversation
from apps.assistant.speech.core.sayable import sayable
from apps.assistant.voice import gazetteer
from apps.base.threads import in_thread
from apps.city.models import District, metres_of, the_city
from apps.complaints.models import ServiceRequest, Subscription
from apps.complaints.services.filing import Report, file_request
from apps.drt.models import Booking
from apps.parking.models import CapacityPool
from tests.alerts.conftest import Desk, desk
from tests.assistant.skills.conftest import city, rides
from tests.assistant.skills.test_moving_about import yard
from tests.assistant.voice.conftest import Scripted, ended, ring, serving
from tests.assistant.voice.keypad import Overheard, calling
from tests.assistant.voice.test_calls import voice
from tests.drt.town import Rides
from tests.support.world import settle

__all__ = ["city", "desk", "rides", "yard"]
pytestmark = pytest.mark.usefixtures("transactional_db")

SAID = {
    "ko": {
        "parking": "주차장 찾기", "west": "가람동", "east": "나루동", "hall": "달빛시청",
        "library": "달빛도서관", "ride": "차편 예약", "mine": "내 민원", "alerts": "재난 알림",
        "yard": "역 주차장", "yes": "네, 예약", "where": "내 차 어디쯤", "nothing": "필요 없음",
        "cancel": "취소하기", "sure": "네, 취소", "booked": "차편을 예약", "gone": "취소했습니다",
        "follow": "알림 받기", "followed": "변화가 있을 때마다", "message": "다시 전화",
        "menu": "메뉴",
        "number": "접수번호를", "people": "몇 분", "digits": "문자", "other": "다른 동",
        "when": "언제 출발",
    },
    "en": {
        "parking": "Find parking", "west": "Garam", "east": "Naru", "hall": "City Hall",
        "library": "Dalbit Library", "ride": "Book a ride", "mine": "My complaints",
        "alerts": "Warnings", "yard": "Station Yard", "yes": "Yes, book it",
        "where": "Where is my ride", "nothing": "nothing special", "cancel": "Cancel it",
        "sure": "Yes, cancel", "booked": "ride is booked", "gone": "is cancelled",
        "follow": "Follow it", "followed": "every change", "message": "call you back",
        "menu": "the menu", "number": "no complaint of yours", "people": "How many",
        "digits": "text message", "other": "another district", "when": "When do you want",
    },
}  # fmt: skip
both = pytest.mark.parametrize("language", ["ko", "en"])


@pytest.fixture
def districts(city: None) -> None:
    gazetteer.forget_names()
    for at, (code, ko, en) in enumerate((("garam", "가람동", "Garam"), ("naru", "나루동", "Naru"))):
        west = 127.24 + at * 0.02
        area = MultiPolygon(Polygon.from_bbox((west, 37.42, west + 0.02, 37.44)), srid=4326)
        District.objects.create(
            code=code, names={"": ko, "ko": ko, "en": en}, reference=code, level=8,
            geom=area, geom_m=metres_of(area, srid=the_city().srid),
        )  # fmt: skip


def halmeoni() -> tuple[Person, str]:
    person = settle("halmeoni")
    return person, person.contacts.verified().get(kind="phone").value


async def ringing(language: str) -> tuple[Call, Person, str]:
    person, number = await in_thread(halmeoni)()
    return await ring(number, language=language), person, number


@both
async def test_parking_near_a_place(language: str, districts: None, yard: CapacityPool) -> None:
    said, mouth = SAID[language], Overheard()
    async with serving(mouth=mouth) as server:
        call, _person, _number = await ringing(language)
        async with calling(server, call, mouth) as keys:
            await keys.choose(said["parking"])
            await keys.choose(said["east"])
            await keys.choose(said["other"])
            await keys.choose(said["west"])
            await keys.choose(said["hall"])
            told = await keys.hear(said["yard"])
            await keys.choose(said["menu"])
            await keys.hear(said["parking"])
        await ended(call)
    assert said["hall"] in told
    assert not any(char.isdigit() for char in mouth.aloud)


@both
async def test_a_ride_is_booked_tracked_and_cancelled(
    language: str, districts: None, rides: Rides, settings: Any
) -> None:
    settings.PHONE_CODES = "loopback"
    said, mouth = SAID[language], Overheard()
    async with serving(mouth=mouth) as server:
        call, person, number = await ringing(language)
        async with calling(server, call, mouth) as keys:
            await keys.choose(said["ride"])
            await keys.choose(said["west"])
            await keys.choose(said["hall"])
            await keys.choose(said["east"])
            await keys.choose(said["library"])
            await keys.hear(said["when"])
            keys.press("1400")
            await keys.hear(said["people"])
            keys.press("2")
            await keys.choose(said["nothing"])
            await keys.choose(said["yes"])
            await keys.hear(said["booked"])
            booking = await in_thread(Booking.objects.get)()
            await keys.choose(said["where"])
            await keys.hear(said["digits"])
            keys.press(await in_thread(loopback.last_digits)(number) or "")
            await keys.choose(said["cancel"])
            await keys.choose(said["sure"])
            await keys.hear(said["gone"])
        await ended(call)
    assert (booking.person_id, booking.channel, booking.seats) == (
        person.pk, Booking.Channel.PHONE, 2,
    )  # fmt: skip
    assert f"{booking.pickup_earliest_at:%H%M}" == "0500", "two in the afternoon, in Korea"
    await in_thread(booking.refresh_from_db)()
    assert booking.state == "cancelled_by_rider"
    assert not any(char.isdigit() for char in mouth.aloud)


async def test_a_wheelchair_and_now_by_one_key(districts: None, rides: Rides) -> None:
    mouth = Overheard()
    async with serving(mouth=mouth) as server:
        call, _person, _number = await ringing("en")
        async with calling(server, call, mouth) as keys:
            for label in ("Book a ride", "Garam", "City Hall", "Naru", "Dalbit Library"):
                await keys.choose(label)
            await keys.choose("Now")
            keys.press("#")  # done: no four digits
            await keys.hear("How many")
            keys.press("1")
            await keys.choose("a wheelchair")
            await keys.choose("Yes, book it")
            await keys.hear("is booked")
        await ended(call)
    booking = await in_thread(Booking.objects.get)()
    assert (booking.seats, booking.wheelchair_bays) == (0, 1)


@both
async def test_somebody_follows_what_another_reported(language: str, districts: None) -> None:
    await in_thread(accounts.open_department)(code="safety", names={"en": "Safety"})
    report = Report(
        description="A deep hole in the road", service_code="pothole", lon=127.26, lat=37.43,
        language="en",
    )  # fmt: skip
    request: ServiceRequest = await in_thread(file_request)(
        report=report, reporter=None, actor="web:anonymous", key="k1"
    )
    said, mouth = SAID[language], Overheard()
    async with serving(mouth=mouth) as server:
        call, person, _number = await ringing(language)
        async with calling(server, call, mouth) as keys:
            await keys.choose(said["mine"])
            await keys.hear(said["number"])
            keys.press("202600000000#")
            await keys.hear({"ko": "신고가 없습니다", "en": "no request with this"}[language])
            keys.press(request.number.replace("-", "") + "#")
            await keys.choose(said["follow"])
            await keys.hear(said["followed"])
        await ended(call)
    followed = await in_thread(Subscription.objects.get)()
    assert (followed.request_id, followed.person_id) == (request.pk, person.pk)
    assert sayable(request.number, language) in mouth.aloud


@both
async def test_what_is_warned_of_now(language: str, desk: Desk) -> None:
    gazetteer.forget_names()
    await in_thread(desk.issue)()
    said, mouth = SAID[language], Overheard()
    async with serving(mouth=mouth) as server:
        call, _person, _number = await ringing(language)
        async with calling(server, call, mouth) as keys:
            await keys.choose(said["alerts"])
            await keys.hear({"ko": "강변동", "en": "Flood"}[language])
            await keys.choose({"ko": "안전합니다", "en": "I am safe"}[language])
        await ended(call)
    assert not any(char.isdigit() for char in mouth.aloud)


@both
async def test_a_person_is_left_a_message_or_not(language: str, city: None) -> None:
    said, mouth = SAID[language], Overheard()
    async with serving(mouth=mouth) as server:
        call, _person, _number = await ringing(language)
        async with calling(server, call, mouth) as keys:
            await keys.hear(said["parking"])
            keys.press("0")
            await keys.hear(said["message"])
            keys.press("*")
            await keys.hear(said["parking"])
            conversation = await in_thread(Conversation.objects.get)()
            assert conversation.state == Conversation.State.ASSISTANT
            keys.press("0")
            await keys.speak(voice(1.0), after=said["message"])
            await keys.hear({"ko": "감사합니다", "en": "Thank you"}[language])
        row = await ended(call)
    assert row.ended_because in ("said goodbye", "hang-up")
    turn = await in_thread(CallTurn.objects.get)(kind="voice")
    assert turn.understood == CallTurn.Understood.NOT
    assert turn.recorded_ms > 800
    await in_thread(conversation.refresh_from_db)()
    assert conversation.state == Conversation.State.WAITING_FOR_STAFF


async def test_in_english_one_may_say_it(districts: None, yard: CapacityPool) -> None:
    ear, mouth = Scripted("Find parking", "Dalbit Station", "the menu"), Overheard()
    async with serving(ear, mouth) as server:
        call, _person, _number = await ringing("en")
        async with calling(server, call, mouth) as keys:
            await keys.speak(voice(0.5), after="hash says it again")
            await keys.speak(voice(0.5), after="Near which place")
            await keys.hear("Parking near Dalbit Station")
            await keys.speak(voice(0.5), after="end the call")
            await keys.hear("Find parking")
        await ended(call)
    assert "City Hall" not in ear.wanted[0].words
    assert "Garam" in ear.wanted[1].words


async def test_each_language_is_offered_in_its_own(city: None) -> None:
    """Who speaks no Korean understands the one sentence that helps, said by a voice of theirs."""
    mouth = Overheard()
    async with serving(mouth=mouth) as server:
        call = await ring(language="ko")
        async with calling(server, call, mouth) as keys:
            await keys.choose("English")
            await keys.hear("Find parking")
        row = await ended(call)
    assert ("English: press 8.", "en") in mouth.said
    assert row.language == "en"
