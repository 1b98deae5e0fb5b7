"""The public map through the lean door."""

import asyncio
from typing import Any

import pytest

from apps.base.clock import Hand
from apps.base.hot import close_pool
from apps.complaints.core.states import State, Who
from apps.complaints.models import ServiceRequest
from apps.complaints.selectors.public_map import HIDDEN
from apps.complaints.services.moving import move_request
from citizen.asgi import application
from tests.complaints.conftest import Town
from tests.support.asgi import Answer, call

PATH = "/api/v1/complaints/requests.geojson"
BOX = "127.25,37.42,127.27,37.44"


def ask(**query: Any) -> Answer:
    async def once() -> Answer:
        try:
            return await call(application, "GET", PATH, query=query)
        finally:
            await close_pool()

    return asyncio.run(once())


@pytest.mark.django_db(transaction=True)
def test_it_shows_the_public_ones_without_words(hand: Hand, town: Town) -> None:
    kerb, _noise = town.file(), town.file("Loud", "noise")
    withdrawn = town.file(by=town.people.minjun)
    move_request(request=withdrawn, after=State.WITHDRAWN, who=Who.CITIZEN, actor="minjun")

    shown = ask(bbox=BOX)

    (feature,) = shown.json()["features"]
    assert shown.headers["content-type"] == "application/geo+json"
    assert (feature["id"], feature["properties"]["status"]) == (kerb.number, "open")
    assert feature["geometry"]["coordinates"] == [127.26, 37.43]
    assert kerb.description not in shown.body.decode()
    assert ask(bbox=BOX, status="closed").json()["features"] == []


@pytest.mark.parametrize(
    "query",
    [{}, {"bbox": "1,2"}, {"bbox": "a,b,c,d"}, {"bbox": "5,0,4,1"}, {"bbox": BOX, "limit": 0},
     {"bbox": BOX, "status": "lost"}, {"bbox": BOX, "colour": "red"}],
)  # fmt: skip
def test_questions_that_make_no_sense_are_refused(query: dict[str, Any]) -> None:
    assert ask(**query).status == 400


def test_what_is_hidden_is_what_the_model_hides() -> None:
    hidden = {s for s in ServiceRequest.State.values if not ServiceRequest(state=s).visible()}
    assert hidden == set(HIDDEN)
