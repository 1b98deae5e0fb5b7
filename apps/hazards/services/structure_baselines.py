"""What is usual for a building: learned when people hold it to be healthy, and compared with."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from apps.base import audit, clock
from apps.base.problems import Conflict, Invalid
from apps.hazards.core.novelty import (
    PERSISTENT_WINDOWS,
    Baseline,
    Floats,
    baseline_of,
    is_novel,
    learn,
)
from apps.hazards.models import Structure, StructureWindow


def compare(structure: Structure, window: StructureWindow) -> None:
    """How unusual the last six hours are, this window's among them."""
    if not structure.baseline or window.flaw:
        return
    baseline = baseline_of(structure.baseline)
    earlier = StructureWindow.objects.filter(
        structure=structure, at__gt=window.at - timedelta(hours=PERSISTENT_WINDOWS),
        at__lt=window.at,
    )  # fmt: skip
    frequencies, temperature = hourly([*earlier, window], modes=_modes(baseline))
    if not len(temperature):
        return
    distance = baseline.distance(frequencies, temperature)
    window.distance = round(float(distance[-1]), 3) if np.isfinite(distance[-1]) else None
    window.novel = bool(is_novel(baseline, frequencies, temperature)[-1])


def _modes(baseline: Baseline) -> int:
    return int(baseline.coefficients.shape[1])


def hourly(windows: Sequence[StructureWindow], *, modes: int) -> tuple[Floats, Floats]:
    """Frequencies and temperature by hour, in order; a mode that was not found is NaN."""
    hours: dict[datetime, list[StructureWindow]] = {}
    for window in sorted(windows, key=lambda one: one.at):
        if window.temperature_c is not None and len(window.frequencies_hz) == modes:
            hour = (window.at - timedelta(microseconds=1)).replace(
                minute=0, second=0, microsecond=0
            )
            hours.setdefault(hour, []).append(window)
    if not hours:
        return np.empty((0, modes)), np.empty(0)
    frequencies = np.stack([
        np.median(np.array([one.frequencies_hz for one in group], dtype=np.float64), axis=0)
        for group in hours.values()
    ])  # fmt: skip
    warm = np.array([np.mean([one.temperature_c for one in group]) for group in hours.values()])
    return frequencies, warm


@transaction.atomic
def learn_baseline(*, structure: Structure, since: datetime, to: datetime, actor: str) -> Structure:
    """Learn what is usual from windows that people hold to be healthy. Never done by itself, so
    that damage is never learned as usual.

    Raises:
        Conflict: an inspection is open, so nobody knows whether it is healthy.
        Invalid: less than four weeks of hours.
    """
    if structure.orders.open().exists():
        raise Conflict(_("An inspection is open: nobody knows yet what is usual."))
    windows = list(structure.windows.filter(at__gt=since, at__lte=to, novel=False, flaw=""))
    frequencies, temperature = hourly(windows, modes=len(structure.known_hz))
    try:
        baseline = learn(frequencies, temperature)
    except ValueError as error:
        raise Invalid(errors={"since": str(error)}) from error
    structure.baseline, structure.learned_at = baseline.written(), clock.now()
    structure.save(update_fields=["baseline", "learned_at"])
    audit.record(
        actor=actor,
        action="hazards.structure.learn",
        subject=f"structure:{structure.code}",
        detail={"since": since.isoformat(), "to": to.isoformat(), "hours": len(temperature)},
    )
    return structure
