"""Providers' webhooks: signatures before anything else, TwiML, and calls that Twilio listens to."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from lxml.etree import fromstring

from apps.assistant.models import Call, CallTurn, Conversation
from apps.assistant.skills.registry import skills
from apps.assistant.voice import gazetteer, twiml
from tests.assistant import umbrella
from tests.support.registries import registered

TOKEN = "0123456789abcdef"
FORM = {"CallSid": "CA77", "From": "+82319201234", "To": "+82310000000"}


@pytest.fixture(autouse=True)
def _twilio(db: None, settings: Any) -> Iterator[None]:
    settings.TWILIO_AUTH_TOKEN = TOKEN
    settings.ASTERISK_SECRET = "between the exchange and us"
    settings.VOICE_STREAM_URL = "wss://city.example/voice/media"
    gazetteer.forget_names()
    umbrella.performed.clear()
    with registered(skills, "umbrella", "tests.assistant.umbrella.umbrella"):
        yield


def post(client: Client, path: str, form: dict[str, str], token: str = TOKEN) -> Any:
    signed = twiml.signature(f"http://localhost:8000{path}", form, token)
    return client.post(path, form, headers={"X-Twilio-Signature": signed})


def test_the_signature_is_the_one_that_twilio_documents() -> None:
    # The example of Twilio's own page on validating requests.
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+12349013030", "Digits": "1234",
        "From": "+12349013030", "To": "+18005551212",
    }  # fmt: skip
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert twiml.signature(url, form, "12345") == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


def test_a_call_is_sent_to_our_stream_with_a_proof(client: Client) -> None:
    answer = post(client, "/voice/twilio/incoming", FORM)
    stream = fromstring(answer.content).find("Connect/Stream")
    assert stream is not None
    assert stream.get("url") == "wss://city.example/voice/media"
    assert stream.find("Parameter") is not None
    call = Call.objects.get()
    assert (call.provider_call, call.caller, call.state) == ("CA77", "+82319201234", "ringing")


def test_the_same_webhook_twice_is_one_call(client: Client) -> None:
    post(client, "/voice/twilio/incoming", FORM)
    post(client, "/voice/twilio/incoming", FORM)
    assert Call.objects.count() == 1


@pytest.mark.parametrize("path", ["/voice/twilio/incoming", "/voice/asterisk/calls"])
def test_a_forged_webhook_changes_nothing(client: Client, path: str) -> None:
    assert post(client, path, FORM, token="another").status_code == 403
    assert client.post(path, FORM).status_code == 403
    assert client.get(path).status_code == 405
    assert not Call.objects.exists()


def test_without_a_token_nothing_is_signed(client: Client, settings: Any) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    assert post(client, "/voice/twilio/incoming", FORM, token="").status_code == 403


def test_one_number_may_not_take_all_lines(client: Client) -> None:
    for number in range(2):
        post(client, "/voice/twilio/incoming", FORM | {"CallSid": f"CA{number}"})
    answer = post(client, "/voice/twilio/incoming", FORM | {"CallSid": "CA9"})
    assert fromstring(answer.content).find("Hangup") is not None
    assert Call.objects.count() == 2


def test_asterisk_asks_for_a_name_to_call_us_with(client: Client) -> None:
    body = b"id=1700000000.1&from=0319201234&language=ko"
    secret = b"between the exchange and us"
    signed = hmac.new(secret, body, hashlib.sha256).hexdigest()
    answer = client.post(
        "/voice/asterisk/calls",
        body,
        content_type="application/x-www-form-urlencoded",
        headers={"X-Signature": signed},
    )
    call = Call.objects.get()
    assert answer.content.decode() == str(call.code)
    assert (call.caller, call.language) == ("+82319201234", "ko")


def test_a_whole_call_by_gather(client: Client, settings: Any) -> None:
    settings.TWILIO_GATHER = True
    answer = post(client, "/voice/twilio/incoming", FORM)
    for turn in (
        {"Digits": "9"},
        {"SpeechResult": "English", "Confidence": "0.9"},
        {"Digits": "2"},
        {"SpeechResult": "the old bridge", "Confidence": "0.91"},
        {"SpeechResult": "Blue.", "Confidence": "0.8"},
        {"SpeechResult": "It fell into the river", "Confidence": "0.42"},
        {"Digits": "1"},
    ):
        gather = fromstring(answer.content).find("Gather")
        assert gather is not None, answer.content
        answer = post(client, gather.get("action", ""), FORM | turn)
    assert umbrella.performed[0][1] == {
        "place": "the old bridge", "colour": "blue", "story": "It fell into the river",
    }  # fmt: skip
    call = Call.objects.get()
    story = call.turns.get(asked="text")
    assert (story.understood, story.engine) == (CallTurn.Understood.DRAFT, "provider")
    assert Conversation.objects.get().language == "en"


def test_gather_says_goodbye_after_three_silences(client: Client, settings: Any) -> None:
    settings.TWILIO_GATHER = True
    answer = post(client, "/voice/twilio/incoming", FORM)
    for _ in range(3):
        gather = fromstring(answer.content).find("Gather")
        assert gather is not None
        answer = post(client, gather.get("action", ""), FORM)
    assert fromstring(answer.content).find("Hangup") is not None
    assert Call.objects.get().ended_because == "silence"
