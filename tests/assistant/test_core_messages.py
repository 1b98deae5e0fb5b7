"""The shapes that every channel speaks in."""

from apps.assistant.core.messages import Place


def test_a_place_keeps_its_names_for_another_language() -> None:
    station = {"ko": "달빛역", "en": "Dalbit Station"}
    told = {"lon": 126.8, "lat": 37.6, "label": "달빛역", "names": station}
    assert Place.from_json(told).as_json() == told


def test_a_place_without_names_is_told_without() -> None:
    told = {"lon": 126.8, "lat": 37.6, "label": "집"}
    assert Place.from_json(told).as_json() == told
    assert (
        Place.from_json({"lon": 126.8, "lat": 37.6, "label": "집", "names": None}).as_json() == told
    )
