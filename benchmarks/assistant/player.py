"""Plays the conversations, each by somebody new whom the channel knows and whose home is saved.

One JSON a line: what was wanted, whether it was had, in how many turns, and how it went.
"""

import json
import sys
from collections.abc import Iterator
from itertools import count
from typing import Any

import django

django.setup()

from apps.accounts.models import Person  # noqa: E402
from apps.accounts.services import register_person  # noqa: E402
from apps.assistant.core.messages import Inbound, Place  # noqa: E402
from apps.assistant.models import ChannelIdentity, Deed, Turn  # noqa: E402
from apps.assistant.services.conversing import converse  # noqa: E402
from apps.base import clock  # noqa: E402
from apps.complaints.models import ServiceRequest  # noqa: E402
from apps.complaints.services.moving import withdraw_request  # noqa: E402
from apps.notify.models import SavedPlace  # noqa: E402
from benchmarks.assistant.goals import succeeded  # noqa: E402
from benchmarks.assistant.scripts import Script, scripts  # noqa: E402

CHANNEL = "line"
HOME = (127.2702, 37.4301)
_numbers = count(1)


def play(script: Script) -> dict[str, Any]:
    person, identity = _somebody(script.language)
    heard: list[str] = []
    last = ""
    for turn in script.turns:
        last = _say(identity, script.language, turn)
        heard += [f"> {turn}   [{_understood(identity)}]", f"    {last}".replace("\n", "\n    ")]
    had_it = succeeded(script.goal, person, last)
    _take_back(identity)
    return {
        "language": script.language, "goal": script.goal, "turns": len(script.turns),
        "succeeded": had_it, "heard": heard,
    }  # fmt: skip


def _take_back(identity: str) -> None:
    """What was reported, so that nobody who comes after is asked whether theirs is the same."""
    codes = Deed.objects.filter(identity__identity=identity).values("reference")
    for row in ServiceRequest.objects.filter(code__in=codes).exclude(state="withdrawn"):
        withdraw_request(request=row, actor=CHANNEL, key=f"again-{row.code}")


def _somebody(language: str) -> tuple[Person, str]:
    person, now = register_person(locale=language), clock.now()
    identity = f"script-{person.code}"
    ChannelIdentity.objects.create(
        channel=CHANNEL, identity=identity, person=person, verified_at=now, created_at=now,
        seen_at=now, language=language,
    )  # fmt: skip
    SavedPlace.objects.create(
        person=person, label="집", cell=1, coarse_cell=1, lon=HOME[0], lat=HOME[1], created_at=now
    )
    return person, identity


def _say(identity: str, language: str, turn: str) -> str:
    inbound = Inbound(
        channel=CHANNEL, identity=identity, event_id=f"{identity}-{next(_numbers)}",
        received_at=clock.now(), language=language, **_what(turn),
    )  # fmt: skip
    return "\n".join(one.text for one in converse(inbound))


def _what(turn: str) -> dict[str, Any]:
    if turn == "~":
        return {"silence": True}
    if turn.startswith("["):
        return {"choice": turn.strip("[]")}
    if turn.startswith("@"):
        lon, lat, label = turn[1:].split(",")
        return {"place": Place(float(lon), float(lat), label)}
    return {"text": turn}


def _understood(identity: str) -> str:
    """What the engine made of the words, and where the talk stands."""
    said = Turn.objects.filter(conversation__identity__identity=identity, side="citizen")
    turn = said.select_related("conversation", "event").latest("pk")
    talk = turn.conversation
    by = turn.event.answered_by if turn.event else ""
    return f"{turn.intent} {turn.confidence or 0:.2f} {by}, asked {talk.skill}.{talk.asked}"


def _chosen(words: list[str]) -> Iterator[Script]:
    """All of them, or those that hold one of some words."""
    for script in scripts():
        whole = f"{script.language} {script.goal} {' / '.join(script.turns)}"
        if not words or any(word in whole for word in words):
            yield script


if __name__ == "__main__":
    for script in _chosen(sys.argv[1:]):
        print(json.dumps(play(script), ensure_ascii=False), flush=True)
