"""What will be free, the chance on arrival, cars on their way, what people say."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.base import clock
from apps.base.clock import Hand
from apps.parking.models import Guidance, PoolOutlook
from apps.parking.services.guidance import forget_cars
from tests.parking.conftest import Town

LOT = "/api/v1/parking/sites/lot"


def foresee(town: Town, *shares: float, spread: float = 0.05) -> PoolOutlook:
    """A forecast of the lot: now, and every quarter of an hour."""
    minutes = [15 * n for n in range(len(shares))]
    return PoolOutlook.objects.create(
        pool=town.pool("lot"),
        made_at=clock.now(),
        minutes=minutes,
        expected=list(shares),
        low=[max(share - spread, 0) for share in shares],
        high=[min(share + spread, 1) for share in shares],
        prices={"60": 1200, "currency": "KRW"},
    )


def chance(client: Client, **query: int) -> float:
    return float(client.get(f"{LOT}/arrival", query).json()["chance"])


def test_the_outlook_is_told_in_spaces(town: Town, client: Client) -> None:
    foresee(town, 0.5, 0.75)

    (outlook,) = client.get(f"{LOT}/outlook").json()

    assert (outlook["category"], outlook["total"], outlook["trained_at"]) == ("general", 40, None)
    assert [point["free"] for point in outlook["points"]] == [20, 10]
    assert (outlook["points"][1]["free_low"], outlook["points"][1]["free_high"]) == (8, 12)


def test_without_a_past_there_is_no_outlook(town: Town, client: Client) -> None:
    assert client.get(f"{LOT}/outlook").json() == []
    assert client.get("/api/v1/parking/sites/nowhere/outlook").status_code == 404


def test_the_chance_falls_as_the_place_fills(town: Town, client: Client) -> None:
    foresee(town, 0.9, 1.0)
    town.say(("lot.free", 4))

    assert chance(client, after_min=0) > 0.95
    assert chance(client, after_min=15) < 0.5


def test_cars_sent_there_before_are_counted(town: Town, client: Client) -> None:
    foresee(town, 0.9, 0.9)
    town.say(("lot.free", 4))
    before = chance(client, after_min=10)

    sent = [client.post(f"{LOT}/guidance", {"after_min": 8}, "application/json") for _ in range(5)]

    assert [answer.status_code for answer in sent] == [201] * 5
    assert chance(client, after_min=10) < 0.5 < before
    for answer in sent:
        assert client.delete(f"/api/v1/parking/guidance/{answer.json()['code']}").status_code == 204
    assert chance(client, after_min=10) == before


def test_cars_that_never_came_are_forgotten(town: Town, client: Client, hand: Hand) -> None:
    client.post(f"{LOT}/guidance", {"after_min": 8}, "application/json")
    hand.move(timedelta(hours=7))

    assert forget_cars() == 1
    assert not Guidance.objects.exists()


def test_an_old_forecast_is_none(town: Town, client: Client, hand: Hand) -> None:
    foresee(town, 0.1, 0.1)
    hand.move(timedelta(minutes=31))
    town.say(("lot.free", 0))

    answer = client.get(f"{LOT}/arrival", {"after_min": 0}).json()

    assert answer["by"] == "chain"
    assert answer["chance"] < 0.1


def test_of_nothing_known_the_chance_is_a_half(town: Town, client: Client) -> None:
    answer = client.get(f"{LOT}/arrival", {"after_min": 5}).json()

    assert (answer["chance"], answer["by"], answer["expected_free"]) == (0.5, "nothing", None)


@pytest.mark.parametrize(
    "query",
    [{}, {"after_min": "-1"}, {"after_min": "999"}, {"after_min": "5", "category": "boats"}],
)
def test_an_arrival_that_makes_no_sense_is_refused(town: Town, client: Client, query: Any) -> None:
    assert client.get(f"{LOT}/arrival", query).status_code == 400


def test_a_pool_that_is_not_there_has_no_chance(town: Town, client: Client) -> None:
    answer = client.get(f"{LOT}/arrival", {"after_min": "5", "category": "ev"})

    assert answer.status_code == 404


def test_the_evidence_names_every_device(town: Town, client: Client) -> None:
    town.say(("lot.free", 12))

    rows = {row["datastream"]: row for row in client.get(f"{LOT}/evidence").json()}

    assert set(rows) == {"lot.free", "lot.taken"}
    assert (rows["lot.free"]["result"], rows["lot.free"]["excluded"]) == (12, None)
    assert rows["lot.taken"]["observed_at"] is None


def test_one_person_reports_once_in_a_while(town: Town, client: Client, hand: Hand) -> None:
    first = client.post(f"{LOT}/reports", {"says": "full"}, "application/json")
    again = client.post(f"{LOT}/reports", {"says": "full"}, "application/json")
    hand.move(timedelta(minutes=11))
    later = client.post(f"{LOT}/reports", {"says": "free"}, "application/json")

    assert (first.status_code, again.status_code, later.status_code) == (201, 429, 201)
    assert again.json()["type"] == "/problems/just-reported"
    assert client.post(f"{LOT}/reports", {"says": "x"}, "application/json").status_code == 400
