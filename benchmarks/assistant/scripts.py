"""Whole conversations through the real service, engine and all: does the citizen get what they
came for, and in how many turns?

A line of `conversations/LANGUAGE.tsv` is a goal and the citizen's turns, parted by " / ": words,
`[choice]` for a button, `@lon,lat,label` for a pin, `~` for silence. Each is spoken by somebody new
whom the channel knows and whose home is saved.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.report import Metric

FOLDER = Path(__file__).with_name("conversations")
CHANNEL = "line"
HOME = (127.2702, 37.4301)
LEAST_SUCCESS, MOST_TURNS = 0.97, 9.0
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Script:
    language: str
    goal: str
    turns: tuple[str, ...]


@dataclass(slots=True)
class Played:
    """What came of one: who spoke, and all that was said to them last."""

    script: Script
    person: Any
    last: str


def scripts() -> Iterator[Script]:
    for path in sorted(FOLDER.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            goal, _tab, turns = line.partition("\t")
            yield Script(path.stem, goal, tuple(turns.split(" / ")))


def measure() -> Iterator[Metric]:
    """Play them all; the engine must be up and named by the environment."""
    played = [play(script) for script in scripts()]
    for language in sorted({one.script.language for one in played}):
        ours = [one for one in played if one.script.language == language]
        share = sum(map(succeeded, ours)) / len(ours)
        yield Metric(
            "task_success", f"{language}: {len(ours)} conversations", share, "share", "limit",
            LEAST_SUCCESS,
        )  # fmt: skip
    turns = [len(one.script.turns) for one in played if succeeded(one)]
    yield Metric(
        "turns_median", f"{len(turns)} that succeeded", float(median(turns)), "turns", "limit",
        MOST_TURNS,
    )  # fmt: skip


def play(script: Script) -> Played:
    person, identity = _somebody(script.language)
    last = ""
    for turn in script.turns:
        last = _say(identity, script.language, turn)
    return Played(script, person, last)


def _somebody(language: str) -> tuple[Any, str]:
    from apps.accounts.services import register_person
    from apps.assistant.models import ChannelIdentity
    from apps.base import clock
    from apps.notify.models import SavedPlace

    person, identity, now = (
        register_person(locale=language),
        f"script-{next(_numbers)}",
        clock.now(),
    )
    ChannelIdentity.objects.create(
        channel=CHANNEL, identity=identity, person=person, verified_at=now, created_at=now,
        seen_at=now, language=language,
    )  # fmt: skip
    SavedPlace.objects.create(
        person=person, label="집", cell=1, coarse_cell=1, lon=HOME[0], lat=HOME[1], created_at=now
    )
    return person, identity


def _say(identity: str, language: str, turn: str) -> str:
    from apps.assistant.core.messages import Inbound
    from apps.assistant.services.conversing import converse
    from apps.base import clock

    inbound = Inbound(
        channel=CHANNEL, identity=identity, event_id=f"{identity}-{next(_numbers)}",
        received_at=clock.now(), language=language, **_what(turn),
    )  # fmt: skip
    return "\n".join(one.text for one in converse(inbound))


def _what(turn: str) -> dict[str, Any]:
    from apps.assistant.core.messages import Place

    if turn == "~":
        return {"silence": True}
    if turn.startswith("["):
        return {"choice": turn.strip("[]")}
    if turn.startswith("@"):
        lon, lat, label = turn[1:].split(",")
        return {"place": Place(float(lon), float(lat), label)}
    return {"text": turn}


# ---------------------------------------------------------------- goals


def succeeded(played: Played) -> bool:
    goal, _colon, what = played.script.goal.partition(":")
    return GOALS[goal](played, what)


def _filed(number: int) -> Callable[[Played, str], bool]:
    return lambda played, _what: _complaints(played) == number


def _complaints(played: Played) -> int:
    from apps.assistant.models import Deed

    return Deed.objects.filter(identity__person=played.person, kind="complaint").count()


def _withdrawn(played: Played, _what: str) -> bool:
    from apps.assistant.models import Deed
    from apps.complaints.models import ServiceRequest

    codes = Deed.objects.filter(identity__person=played.person).values("reference")
    return ServiceRequest.objects.filter(code__in=codes, state="withdrawn").exists()


def _status(played: Played, _what: str) -> bool:
    return bool(re.search(r"\d{4}-\d{7}-\d", played.last))


def _rides(*states: str) -> Callable[[Played, str], bool]:
    def check(played: Played, _what: str) -> bool:
        from apps.drt.models import Booking

        found = set(Booking.objects.filter(person=played.person).values_list("state", flat=True))
        return found == set(states)

    return check


def _parking(*states: str) -> Callable[[Played, str], bool]:
    def check(played: Played, _what: str) -> bool:
        from apps.parking.models import Reservation

        found = Reservation.objects.filter(person=played.person).values_list("state", flat=True)
        return bool(found) and set(found) <= set(states)

    return check


def _says(played: Played, what: str) -> bool:
    return bool(re.search(what, played.last, re.IGNORECASE | re.DOTALL))


def _conversation(field: str, value: str = "") -> Callable[[Played, str], bool]:
    def check(played: Played, what: str) -> bool:
        from apps.assistant.models import Conversation

        row = Conversation.objects.filter(identity__person=played.person).latest("started_at")
        return bool(getattr(row, field) == (value or what))

    return check


GOALS: dict[str, Callable[[Played, str], bool]] = {
    "complaint": _filed(1), "complaint2": _filed(2), "none": _filed(0), "withdrawn": _withdrawn,
    "status": _status, "ride": _rides("confirmed"), "ride_cancelled": _rides("cancelled_by_rider"),
    "no_ride": _rides(), "parking": _parking("held", "confirmed"),
    "parking_cancelled": _parking("cancelled"), "says": _says,
    "staff": _conversation("state", "waiting"), "lang": _conversation("language"),
}  # fmt: skip
