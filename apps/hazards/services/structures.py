"""Old walls: windows are analysed, compared with what is usual, and climb the ladder."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import translation

from apps.base import clock
from apps.hazards.core.din4150 import Line
from apps.hazards.core.listening import Channel, Flawed, Heard, hear
from apps.hazards.models import Structure, StructureSensor, StructureWindow
from apps.hazards.services.structure_baselines import compare
from apps.hazards.services.structure_ladder import climb
from apps.hazards.services.structure_samples import read_channels, temperature, tilt_change
from devices.events import EPOCH

# Samples may be on their way for so long after a window has ended.
SETTLE = timedelta(seconds=30)
# After a pause no more than so many windows are caught up.
MOST_WINDOWS = 12


def analyse_structures() -> int:
    """Every building's finished windows. Returns how many were analysed."""
    ids = list(Structure.objects.order_by("pk").values_list("pk", flat=True))
    return sum(analyse_structure(structure_id=pk) for pk in ids)


@transaction.atomic
def analyse_structure(*, structure_id: int) -> int:
    """The windows that ended since the last one, each once."""
    structure = (
        Structure.objects.select_for_update(skip_locked=True).filter(pk=structure_id).first()
    )
    if structure is None:
        return 0
    ends = _ends(structure)
    sensors = list(structure.sensors.select_related("datastream").order_by("pk"))
    with translation.override(settings.LANGUAGE_CODE):
        done = [_analyse(structure, sensors, end) for end in ends]
        windows = [window for window in done if window is not None]
        if windows:
            climb(structure, windows[-1])
    if ends:
        Structure.objects.filter(pk=structure.pk).update(analysed_to=ends[-1])
    return len(windows) if ends else 0


def _ends(structure: Structure) -> list[datetime]:
    length = timedelta(seconds=structure.window_s)
    latest_us = int((clock.now() - SETTLE).timestamp() * 1e6)
    latest = EPOCH + (timedelta(microseconds=latest_us) // length) * length
    first = structure.analysed_to or latest - length
    count = min(int((latest - first) / length), MOST_WINDOWS)
    return [latest - n * length for n in range(count - 1, -1, -1)]


def _analyse(
    structure: Structure, sensors: Sequence[StructureSensor], end: datetime
) -> StructureWindow | None:
    """1. samples · 2. peak and frequencies · 3. temperature and tilt · 4. how usual; None where
    nothing was heard."""
    begin = end - timedelta(seconds=structure.window_s)
    channels = read_channels(sensors, begin, end)
    tilt = tilt_change(sensors, end)
    if not channels and tilt is None:
        return None
    window = StructureWindow(structure=structure, at=end, tilt_change_deg=tilt)
    window.temperature_c = temperature(sensors, end)
    if channels:
        _listen(structure, window, channels)
    compare(structure, window)
    window.save()
    return window


def _listen(structure: Structure, window: StructureWindow, channels: list[Channel]) -> None:
    try:
        heard = hear(
            channels, rate_hz=structure.rate_hz, window_s=structure.window_s,
            line=Line(structure.line), known_hz=structure.known_hz,
        )  # fmt: skip
    except (Flawed, ValueError) as flaw:
        window.flaw = str(flaw)[:200]
        return
    _fill(window, heard)
    if not structure.known_hz and heard.frequencies_hz:
        structure.known_hz = [round(hertz, 3) for hertz in heard.frequencies_hz]
        structure.save(update_fields=["known_hz"])


def _fill(window: StructureWindow, heard: Heard) -> None:
    window.velocity_mm_s = round(heard.peak.velocity_mm_s, 4)
    window.frequency_hz = round(heard.peak.frequency_hz, 2)
    window.guide_mm_s = round(heard.peak.guide_mm_s, 3)
    window.frequencies_hz = [
        round(hertz, 4) if np.isfinite(hertz) else None for hertz in heard.frequencies_hz
    ]
