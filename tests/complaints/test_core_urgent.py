"""Danger is heard in what people write, and only there."""

import pytest

from apps.complaints.core.urgent import find_danger


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("골목에서 가스 냄새가 심하게 나요", "gas"), ("가스가 새는 것 같아요", "gas"),
        ("쓰레기장에 불이 났어요", "fire"), ("연기가 나고 있습니다", "fire"),
        ("옹벽이 무너졌습니다", "collapse"), ("도로에 싱크홀이 생겼어요", "collapse"),
        ("할머니가 넘어져 다쳤어요", "injury"), ("사람이 쓰러져 있어요", "injury"),
        ("아이가 물에 빠졌어요", "water"), ("엘리베이터에 사람이 갇혔어요", "water"),
        ("전선이 끊어져 늘어져 있어요", "electric"), ("감전될 것 같아요", "electric"),
        ("살려주세요", "violence"), ("I smell gas near the school", "gas"),
        ("the bin is on fire", "fire"), ("the wall has collapsed", "collapse"),
        ("my son is injured and bleeding", "injury"), ("people are trapped in the lift", "water"),
        ("a power line is down on the road", "electric"), ("男性が倒れています", "injury"),
        ("有人触电", "electric"), ("có mùi ga", "gas"), ("hay un incendio", "fire"),
        ("ไฟไหม้", "fire"),
    ],
)  # fmt: skip
def test_danger_is_heard(text: str, kind: str) -> None:
    danger = find_danger(text)
    assert danger is not None
    assert danger.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "가로등 불이 나갔어요", "소화전 앞 주차", "화재경보기 점검 문의", "담배 연기가 올라와요",
        "보도블록이 깨졌어요", "주차 요금이 궁금해요", "The fire hydrant is blocked by a car",
        "cigarette smoke from the balcony", "fireworks every night", "nobody was hurt",
        "The street light is out", "smoke detector battery",
    ],
)  # fmt: skip
def test_what_only_sounds_like_it_is_not(text: str) -> None:
    assert find_danger(text) is None
