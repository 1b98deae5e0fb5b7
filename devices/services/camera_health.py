"""How cameras do: told by whoever watches them, believed by everybody else at once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.base import clock
from devices.models import Camera, CameraState
from devices.services.health import judge_health

Health = CameraState.Health


@transaction.atomic
def note_health(*, camera_id: int, health: str, reason: str = "") -> bool:
    """A camera sees, or no longer does and why. Returns whether that is news.

    With the news, alarms are opened or closed and whoever lives on the camera's datastreams is told
    in the same transaction: nobody goes on believing a camera that looks elsewhere.
    """
    row = CameraState.objects.select_for_update().get(camera_id=camera_id)
    if (row.health, row.reason) == (health, reason[:200]):
        return False
    since = row.since if row.health == health else clock.now()
    CameraState.objects.filter(pk=row.pk).update(
        health=health, reason=reason[:200], since=since or clock.now()
    )
    if (row.health in CameraState.BLIND) != (health in CameraState.BLIND):
        judge_health()
    return True


def note_rates(*, camera_id: int, seen_at: datetime | None, **rates: Any) -> None:
    """How much was looked at of late; for the camera's page."""
    seen = {} if seen_at is None else {"seen_at": seen_at}
    CameraState.objects.filter(pk=camera_id).update(**seen, **rates)


def keep_reference(*, camera_id: int, revision: int, reference: bytes) -> None:
    """How the view looked when its zones were drawn: from now on it is compared with this."""
    Camera.objects.filter(pk=camera_id, revision=revision).update(reference=reference)
