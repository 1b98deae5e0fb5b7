"""Lifts of the demo town that work until somebody breaks them (`manage.py break_lift`)."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from citizen.demo.movement.watchers import Word, on_beat

STATES_FILE = settings.BASE_DIR / ".run" / "demo-lifts.json"


@dataclass(frozen=True, slots=True)
class State:
    """Since when a lift works, or does not."""

    works: bool
    since: datetime


def read_states(path: Path = STATES_FILE) -> Mapping[str, State]:
    """Lifts that somebody broke or mended, by code; all others work."""
    if not path.exists():
        return {}
    kept = json.loads(path.read_text())
    return {
        code: State(row["works"], datetime.fromisoformat(row["since"]))
        for code, row in kept.items()
    }


def set_state(code: str, state: State, path: Path = STATES_FILE) -> None:
    states = {**read_states(path), code: state}
    rows = {c: {"works": s.works, "since": s.since.isoformat()} for c, s in states.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(rows, indent=1))
    draft.rename(path)


@dataclass
class LiftController:
    """Says at once when its lift fails or is mended, and on a beat how it is."""

    datastream: str
    every_s: int
    states: Callable[[], Mapping[str, State]] = read_states

    def words(self, now: datetime, zone: ZoneInfo) -> Iterator[Word]:
        state = self.states().get(self.datastream)
        at = on_beat(now, self.every_s)
        if state is None:
            yield Word(at, self.datastream, 1)
        else:
            yield Word(max(at, state.since), self.datastream, int(state.works))
