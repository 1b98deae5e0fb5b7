"""Teaching a camera its own lot: small pictures of bays are collected while staff ask for it, staff
say what they show, the classifier's last layer learns from that, and goes live when staff say so.

The learning itself needs OpenCV and happens in the process `cameras` (`devices.cameras.tuning`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.problems import Conflict, Invalid
from devices.models import BayPatch, Camera, CameraTuning
from devices.services.cameras import camera_changed, record

MOST_PATCHES = 600
ASKED_AT_ONCE = 60
LEAST_OF_EACH = 6


@dataclass(frozen=True, slots=True)
class SeenPatch:
    zone_id: int
    picture: bytes
    taken: float


def collect_patches(*, camera: Camera, on: bool, actor: str) -> None:
    """Keep small pictures of the least sure bays from now on, or no longer."""
    if Camera.objects.filter(pk=camera.pk).exclude(collects_patches=on).update(collects_patches=on):
        camera_changed(camera)
        record(camera, "collects_patches" if on else "stops_collecting", actor)


@transaction.atomic
def keep_patches(*, seen: Sequence[SeenPatch], seen_at: datetime) -> int:
    """Keep some pictures, as long as the camera is to collect and there are not too many."""
    camera = Camera.objects.filter(zones__in=[patch.zone_id for patch in seen]).first()
    if camera is None or not camera.collects_patches:
        return 0
    room = MOST_PATCHES - BayPatch.objects.filter(zone__camera=camera).count()
    kept = BayPatch.objects.bulk_create(
        BayPatch(zone_id=one.zone_id, picture=one.picture, taken=one.taken, seen_at=seen_at)
        for one in seen[: max(room, 0)]
    )
    return len(kept)


def most_uncertain(camera: Camera, limit: int = ASKED_AT_ONCE) -> list[BayPatch]:
    """The patches staff's answer teaches most by, of as many bays as there are."""
    waiting = BayPatch.objects.filter(zone__camera=camera, label=None, unusable=False)
    ordered = sorted(waiting.select_related("zone"), key=lambda patch: abs(patch.taken - 0.5))
    rounds: dict[int, int] = {}
    ranked = []
    for patch in ordered:
        turn = rounds.get(patch.zone_id, 0)
        rounds[patch.zone_id] = turn + 1
        ranked.append((turn, abs(patch.taken - 0.5), patch))
    return [patch for _turn, _doubt, patch in sorted(ranked, key=lambda one: one[:2])][:limit]


@transaction.atomic
def label_patches(*, camera: Camera, answers: Mapping[int, str], actor: str) -> int:
    """Staff's answers by patch: taken, free, or unusable. Returns how many were taken in.

    Raises:
        Invalid: another answer.
    """
    if wrong := set(answers.values()) - {"taken", "free", "unusable"}:
        raise Invalid(errors={"answers": _("Not known: %s.") % ", ".join(sorted(wrong))})
    rows = BayPatch.objects.filter(zone__camera=camera, pk__in=answers)
    for patch in rows:
        patch.unusable = answers[patch.pk] == "unusable"
        patch.label = None if patch.unusable else answers[patch.pk] == "taken"
    BayPatch.objects.bulk_update(rows, ["label", "unusable"])
    record(camera, "labelled", actor, patches=len(rows))
    return len(rows)


@transaction.atomic
def ask_for_tuning(*, camera: Camera, actor: str) -> CameraTuning:
    """Learn from the answers so far, soon.

    Raises:
        Conflict: too few answers of either kind.
    """
    labelled = BayPatch.objects.filter(zone__camera=camera).exclude(label=None)
    taken = labelled.filter(label=True).count()
    free = labelled.filter(label=False).count()
    if min(taken, free) < LEAST_OF_EACH:
        raise Conflict(
            _("At least %(least)d taken and %(least)d free bays must be labelled first.")
            % {"least": LEAST_OF_EACH}
        )
    record(camera, "tuning_asked", actor, taken=taken, free=free)
    return CameraTuning.objects.create(camera=camera, asked_at=clock.now(), asked_by=actor[:120])


def note_tuning(*, tuning: CameraTuning, **found: Any) -> None:
    """What came of it: a head with its held-out figures, or why not."""
    CameraTuning.objects.filter(pk=tuning.pk).update(done_at=clock.now(), **found)


@transaction.atomic
def go_live(*, tuning: CameraTuning, actor: str) -> None:
    """Let the camera judge its bays by what it has learned. Raises Conflict."""
    if tuning.state != CameraTuning.State.DONE:
        raise Conflict(_("This has not been learned."))
    Camera.objects.filter(pk=tuning.camera_id).update(head=tuning.head)
    CameraTuning.objects.filter(camera=tuning.camera_id, live_at__isnull=False).update(live_at=None)
    CameraTuning.objects.filter(pk=tuning.pk).update(live_at=clock.now())
    camera_changed(tuning.camera)
    record(tuning.camera, "tuning_live", actor, held_out=tuning.accuracy)


@transaction.atomic
def go_back(*, camera: Camera, actor: str) -> None:
    """Judge by the usual classifier again."""
    Camera.objects.filter(pk=camera.pk).update(head={})
    CameraTuning.objects.filter(camera=camera, live_at__isnull=False).update(live_at=None)
    camera_changed(camera)
    record(camera, "tuning_dropped", actor)
