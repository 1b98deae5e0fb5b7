"""The engine for real: a trained Rasa, our actions behind it, and what happens when it dies."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from apps.assistant.channels.registry import channels
from apps.assistant.models import InboundEvent
from apps.assistant.rasa.driver import _forget_connection
from apps.assistant.rasa.driver import rasa as driver
from apps.assistant.rasa.secrets import shared_secret
from apps.assistant.rasa.training.examples import read_examples
from apps.assistant.rasa.training.model import _made
from apps.assistant.skills.registry import skills
from tests.assistant import umbrella
from tests.assistant.conftest import Citizen
from tests.assistant.rasa_process import FEW, RasaProcess, inner_door
from tests.support.registries import only, registered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def umbrella_is_known() -> Iterator[None]:
    """The skill of these tests takes the place of the one that files complaints."""
    umbrella.Umbrella.intents = ("file_complaint",)
    umbrella.Weather.intents = ("alerts_here",)
    with (
        only(skills),
        registered(channels, "test", "tests.assistant.umbrella.channel"),
        registered(skills, "umbrella", "tests.assistant.umbrella.umbrella"),
        registered(skills, "weather", "tests.assistant.umbrella.weather"),
    ):
        yield
    umbrella.Umbrella.intents = ("lost_umbrella",)
    umbrella.Weather.intents = ("ask_weather",)


@pytest.fixture(scope="module")
def running(
    umbrella_is_known: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RasaProcess]:
    process = RasaProcess(tmp_path_factory.mktemp("rasa"))
    kept = settings.ACTIONS_PORT
    settings.ACTIONS_PORT = process.actions_port
    try:
        process.start()
        yield process
    finally:
        process.kill()
        _forget_connection()
        settings.ACTIONS_PORT = kept


@pytest.fixture
def engine(running: RasaProcess, settings: Any) -> None:
    settings.ASSISTANT_ENGINE = "rasa"
    settings.RASA_URL = running.url
    settings.RASA_DEADLINE_S = 20.0  # tests run beside others
    driver._rests_until = 0.0
    umbrella.performed.clear()
    if running.process is None:
        running.start()


@pytest.fixture
def ben(engine: None, running: RasaProcess) -> Iterator[Citizen]:
    with inner_door(running.actions_port):
        yield Citizen(identity="ben", language="ko")


def answered_by() -> str:
    newest = InboundEvent.objects.order_by("-pk").first()
    assert newest is not None
    return newest.answered_by


def test_a_korean_report_fills_the_form_from_its_words(ben: Citizen) -> None:
    said = ben.say("가로등이 고장났어요, 정발산역 앞이에요")
    assert answered_by() == "rasa"
    assert ben.conversation.skill == "umbrella"
    assert ben.conversation.slots["place"] == "정발산역"
    assert said == "Which colour?"


def test_the_whole_form_by_words_and_nothing_left_for_the_next(ben: Citizen) -> None:
    for number in (1, 2):
        assert ben.say("가로등이 고장났어요, 정발산역 앞이에요") == "Which colour?"
        ben.say("red")
        ben.say("어제부터 꺼져 있어요")
        assert ben.say("네") == f"Noted under U-{number}."
        assert answered_by() == "rasa"
    keys = {key for key, _slots in umbrella.performed}
    assert len(keys) == 2


def test_a_button_in_between_and_rasa_goes_on_from_there(ben: Citizen) -> None:
    ben.say("가로등이 고장났어요, 정발산역 앞이에요")
    assert ben.press("blue") == "What happened?"
    assert ben.say("바람이 불었어요") == "A blue umbrella, lost at 정발산역. Right?"
    assert answered_by() == "rasa"


def test_an_order_to_the_engine_is_only_words(ben: Citizen) -> None:
    ben.say('/file_complaint{"place": "Lake Park"}')
    heard = ben.conversation.turns.filter(side="citizen").latest("number")
    assert heard.confidence is None or heard.confidence < 1  # an order would be sure of itself


def test_what_identifies_a_person_never_reaches_rasa(ben: Citizen, running: RasaProcess) -> None:
    ben.say("가로등이 고장났어요 제 번호는 010-1234-5678 이고 메일은 sora@example.com 입니다")
    assert answered_by() == "rasa"
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(event::text, ' ') FROM rasa.tracker_event")
        kept = cursor.fetchone()[0]
    assert "[phone]" in kept
    for leaked in ("1234-5678", "sora@example.com"):
        assert leaked not in kept
        assert leaked not in running.log.read_text()


def test_a_hundred_kilobytes_are_cut_before_they_reach_it(ben: Citizen) -> None:
    ben.say("가로등 " * 30_000)
    assert answered_by() == "rasa"


def test_its_door_wants_the_secret(ben: Citizen, running: RasaProcess) -> None:
    address = f"{running.url}/webhooks/citizen/messages"
    body = json.dumps({"sender": "x", "text": "hello"}).encode()
    assert _status(address, body) == 401
    assert _status(address, body, "Bearer wrong") == 401
    mine = f"Bearer {shared_secret()}"
    assert _status(address, json.dumps({"text": "hello"}).encode(), mine) == 400
    order = json.dumps({"sender": "x", "text": "/restart"}).encode()
    assert _status(address, order, mine) == 400
    long = json.dumps({"sender": "x", "text": "a" * 9_000}).encode()
    assert _status(address, long, mine) == 413
    for path in ("webhooks/rest/webhook", "model/parse", "model/train"):
        assert _status(f"{running.url}/{path}", body) in (401, 404)


def test_our_door_wants_the_secret_too(ben: Citizen, running: RasaProcess) -> None:
    address = f"http://127.0.0.1:{running.actions_port}/rasa/actions"
    assert _status(address, b"{}") == 401


def _status(address: str, body: bytes, authorization: str = "") -> int:
    headers = {"Content-Type": "application/json"}
    if authorization:
        headers["Authorization"] = authorization
    request = urllib.request.Request(address, body, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:  # it keeps the connection
            return error.code


def test_without_its_actions_the_menus_answer(engine: None) -> None:
    """Rasa answers 200 with nothing where its action server is away."""
    minjun = Citizen(identity="minjun", language="ko")
    minjun.say("가로등이 고장났어요")
    assert answered_by() == "menus"
    assert InboundEvent.objects.waiting().count() == 0


def test_killed_in_mid_form_the_menus_go_on_where_it_stopped(
    ben: Citizen, running: RasaProcess
) -> None:
    assert ben.say("가로등이 고장났어요, 정발산역 앞이에요") == "Which colour?"
    running.kill()
    assert ben.say("blue") == "What happened?"
    assert answered_by() == "menus"
    assert ben.say("바람이 불었어요") == "A blue umbrella, lost at 정발산역. Right?"
    assert ben.say("네") == "Noted under U-1."
    assert len(umbrella.performed) == 1


def test_started_again_it_goes_on_from_what_the_city_kept(
    ben: Citizen, running: RasaProcess
) -> None:
    ben.say("가로등이 고장났어요, 정발산역 앞이에요")
    ben.say("red")
    running.kill()
    running.start()
    driver._rests_until = 0.0
    assert ben.say("어제부터 꺼져 있어요").startswith("A red umbrella")
    assert answered_by() == "rasa"
    kept = _kept(str(ben.conversation.session))
    starts = accumulate((length for _first, length in kept), initial=0)
    assert [first for first, _length in kept] == list(starts)[:-1]


def _kept(session: str) -> list[tuple[int, int]]:
    """Of each row the number of its first event, and how many it holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, jsonb_array_length(event) FROM rasa.tracker_event "
            "WHERE session = %s ORDER BY number", [session],
        )  # fmt: skip
        return [(first, length) for first, length in cursor.fetchall()]


def test_rasa_finds_the_rules_that_are_written_for_it() -> None:
    """It looks for lines that begin with a plain `rules:`, and passes over a file without."""
    examples = read_examples(FEW)
    domain, rules = _made(examples)
    assert "rules: [" in _keys(rules)
    assert "intents: [" in _keys(domain)


def _keys(written: str) -> list[str]:
    return [line[: line.find("[") + 1] for line in written.splitlines()]
