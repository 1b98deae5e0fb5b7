"""Sentences of other collections, none of them meant for a city: how many are taken for ours?

English: CLINC150 (Larson et al. 2019), without the few of its intents that we have too. Korean:
3i4K (Cho et al. 2018), statements, questions and orders of everyday talk.
"""

import json
from random import Random

from benchmarks.samples import sample_path

MANY = 1500
SEED = 1
OURS_TOO = frozenset(
    [
        "greeting",
        "goodbye",
        "yes",
        "no",
        "maybe",
        "repeat",
        "thank_you",
        "directions",
        "distance",
        "what_can_i_ask_you",
        "change_language",
        "cancel",
        "traffic",
        "travel_alert",
        "uber",
        "taxes",
        "vaccines",
        "what_is_your_name",
        "next_holiday",
        "user_name",
        "who_do_you_work_for",
    ]
)
STATEMENT, QUESTION, ORDER = "1", "2", "3"
FEW_LETTERS = 5


def elsewhere(language: str) -> tuple[str, list[str]]:
    """A collection's name and some of its sentences, the same every time."""
    name, texts = ("3i4K", _korean()) if language == "ko" else ("CLINC150", _english())
    Random(SEED).shuffle(texts)
    return name, texts[:MANY]


def _english() -> list[str]:
    held = json.loads(sample_path("complaints/clinc150_data_full.json").read_text())
    return [text for text, intent in held["test"] + held["oos_test"] if intent not in OURS_TOO]


def _korean() -> list[str]:
    lines = sample_path("complaints/3i4k/fci_test.txt").read_text().splitlines()
    pairs = (line.partition("\t") for line in lines)
    return [
        text
        for kind, _tab, text in pairs
        if kind in (STATEMENT, QUESTION, ORDER) and len(text) > FEW_LETTERS
    ]
