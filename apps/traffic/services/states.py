"""Writing down what junctions show, and telling screens of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.base import clock, live
from apps.traffic.models import Junction, JunctionState
from apps.traffic.selectors.junctions import TOPIC, as_row


@dataclass(frozen=True, slots=True)
class Heard:
    """One word of a controller, or of its silence. `groups` as in `JunctionState`; None leaves
    what was known, which then grows old."""

    at: datetime
    health: JunctionState.Health
    trouble: str = ""
    groups: Sequence[dict[str, Any]] | None = None
    stage: int | None = None
    control: str = ""
    pattern: int | None = None


@transaction.atomic
def note_state(*, junction: Junction, heard: Heard) -> None:
    """Keep the newest word of a junction; an older one changes nothing."""
    JunctionState.objects.get_or_create(junction=junction)
    known = JunctionState.objects.select_for_update().get(junction=junction)
    said: dict[str, Any] = {"health": heard.health, "trouble": heard.trouble[:200]}
    if heard.groups is not None:
        if known.heard_at is not None and known.heard_at > heard.at:
            return
        said |= {
            "groups": list(heard.groups), "stage": heard.stage, "control": heard.control,
            "pattern": heard.pattern, "heard_at": heard.at,
        }  # fmt: skip
        if known.groups != said["groups"]:
            said["changed_at"] = heard.at
    JunctionState.objects.filter(pk=known.pk).update(**JunctionState.touched(), **said)
    known.refresh_from_db()
    live.announce(TOPIC, [as_row(known)])


def note_trouble(*, junction: Junction, health: JunctionState.Health, trouble: str) -> None:
    """Its controller is silent or senseless; what it showed last is left to grow old."""
    note_state(junction=junction, heard=Heard(at=clock.now(), health=health, trouble=trouble))
