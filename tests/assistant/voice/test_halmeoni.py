"""The walk: Halmeoni Kim, who has no smartphone, reports a dark lamp by telephone at night."""

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from apps.accounts import services as accounts
from apps.accounts.kinds import loopback
from apps.assistant.models import CallTurn
from apps.assistant.speech.core.sayable import sayable
from apps.assistant.voice import gazetteer
from apps.assistant.voice.dialogue import Dialogue
from apps.base.threads import in_thread
from apps.city.models import District, metres_of, the_city
from apps.complaints.models import ServiceRequest
from apps.complaints.services.standard_catalogue import bring_standard_catalogue
from citizen.demo.peers.caller import Listen, Press, Say, Step
from tests.assistant.voice.conftest import Blip, ended, ring, serving, talk
from tests.assistant.voice.test_calls import voice
from tests.devices.conftest import found_city
from tests.support.world import settle


class Listening(Blip):
    """Notes what the city says."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def speak(self, sentence: str, language: str) -> bytes | None:
        self.said.append(sayable(sentence, language))
        return await super().speak(sentence, language)


@pytest.fixture
def dalbit(transactional_db: None) -> None:
    found_city()
    accounts.open_department(code="safety", names={"ko": "안전과", "en": "Safety"})
    bring_standard_catalogue()
    gazetteer.forget_names()
    area = MultiPolygon(Polygon.from_bbox((127.24, 37.42, 127.28, 37.44)), srid=4326)
    District.objects.create(
        code="garam", names={"": "가람동", "en": "Garam"}, reference="garam", level=8,
        geom=area, geom_m=metres_of(area, srid=the_city().srid),
    )  # fmt: skip


@pytest.mark.usefixtures("dalbit")
async def test_halmeoni_reports_a_dark_lamp_by_keys_and_in_her_own_words() -> None:
    halmeoni = await in_thread(settle)("halmeoni")
    number = await in_thread(halmeoni.contacts.verified().get)(kind="phone")
    mouth = Listening()
    async with serving(mouth=mouth) as server:
        call = await ring(number.value, language="ko")
        # Report something; her words; the first kind; her district; tell me; yes, send it.
        steps: list[Step] = [
            Press("1"), Say(voice(1.5)), Press("1"), Press("1"), Press("1"), Press("1"), Listen(),
        ]  # fmt: skip
        await talk(server, call, steps)
        await ended(call)
    request = await in_thread(ServiceRequest.objects.select_related("service").get)()
    assert (request.channel, request.language) == ("phone", "ko")
    assert request.reporter_id == halmeoni.pk
    assert request.geom is not None
    turn = await in_thread(CallTurn.objects.get)(request=request)
    assert (turn.understood, turn.recorded_ms > 1_000) == (CallTurn.Understood.NOT, True)
    note = await in_thread(request.notes.get)()
    assert str(call.code)[:8] in note.text
    heard = " ".join(mouth.said)
    assert "녹음되어" in heard
    assert sayable(request.number, "ko") in heard, "digit by digit"
    assert not any(char.isdigit() for char in heard)


@pytest.mark.usefixtures("dalbit")
def test_a_long_menu_is_read_in_pages_with_every_language_on_the_first() -> None:
    from apps.assistant.voice import records

    call = records.announce_call(provider="asterisk", provider_call="c1", language="ko")
    dialogue = Dialogue(records.answer_call(code=str(call.code)))
    dialogue.begin()
    first = [option.choice for option in dialogue.asked.menu.shown]
    assert "go:language:en" in first
    assert len(first) == 8
    dialogue.answer_keys("9")
    second = [option.choice for option in dialogue.asked.menu.shown]
    assert not set(first) & set(second)
    dialogue.answer_keys("9")
    assert [option.choice for option in dialogue.asked.menu.shown] == first


@pytest.mark.usefixtures("dalbit")
def test_what_is_private_waits_for_a_code_that_was_sent_to_the_number(settings: Any) -> None:
    from apps.assistant.voice import records

    settings.PHONE_CODES = "loopback"
    halmeoni = settle("halmeoni")
    number = halmeoni.contacts.verified().get(kind="phone").value
    call = records.announce_call(
        provider="asterisk", provider_call="c1", caller=number, language="en"
    )
    call = records.answer_call(code=str(call.code))
    dialogue = Dialogue(call)
    dialogue.begin()
    key = [option.choice for option in dialogue.asked.menu.shown].index("skill:track_ride") + 1
    asked = dialogue.answer_keys(str(key))
    assert "by text message" in " ".join(asked.sentences)
    assert asked.question.keys == 6
    assert "not the digits" in " ".join(dialogue.answer_keys("000000").sentences)
    told = dialogue.answer_keys(loopback.last_digits(number) or "")
    assert "no ride ahead" in " ".join(told.sentences)
    assert call.identity is not None
    call.identity.refresh_from_db()
    assert call.identity.verified_at is not None
    records.end_call(call=call, because="hang-up")
    call.identity.refresh_from_db()
    assert call.identity.verified_at is None


@pytest.mark.usefixtures("dalbit")
def test_where_no_code_can_be_sent_nothing_private_is_said(settings: Any) -> None:
    from apps.assistant.voice import records

    settings.PHONE_CODES = ""
    number = settle("halmeoni").contacts.verified().get(kind="phone").value
    call = records.announce_call(
        provider="asterisk", provider_call="c1", caller=number, language="en"
    )
    dialogue = Dialogue(records.answer_call(code=str(call.code)))
    dialogue.begin()
    key = [option.choice for option in dialogue.asked.menu.shown].index("skill:track_ride") + 1
    said = " ".join(dialogue.answer_keys(str(key)).sentences)
    assert "A person can help you" in said
