"""Signed tokens."""

from datetime import timedelta

import pytest

from apps.base import tokens
from apps.base.clock import Hand
from apps.base.tokens import TokenExpired, TokenForged


def test_a_token_brings_its_value_back(hand: Hand) -> None:
    token = tokens.sign("quote", {"bay": 7, "이름": "달빛"}, lasts=timedelta(minutes=5))
    hand.move(timedelta(minutes=5))
    assert tokens.read("quote", token) == {"bay": 7, "이름": "달빛"}


def test_a_token_ends_by_the_citys_clock(hand: Hand) -> None:
    token = tokens.sign("quote", {"bay": 7}, lasts=timedelta(minutes=5))
    hand.move(timedelta(minutes=5, seconds=1))
    with pytest.raises(TokenExpired):
        tokens.read("quote", token)


def test_an_offer_is_no_receipt(hand: Hand) -> None:
    token = tokens.sign("quote", 1, lasts=timedelta(minutes=5))
    with pytest.raises(TokenForged):
        tokens.read("receipt", token)


@pytest.mark.parametrize("forged", ["", "abc", "a:b:c", "W10:1:x"])
def test_it_refuses_what_it_did_not_make(forged: str) -> None:
    with pytest.raises(TokenForged):
        tokens.read("quote", forged)


def test_a_changed_token_is_forged(hand: Hand) -> None:
    token = tokens.sign("quote", {"price": 1000}, lasts=timedelta(minutes=5))
    changed = ("X" if token[0] != "X" else "Y") + token[1:]
    with pytest.raises(TokenForged):
        tokens.read("quote", changed)
