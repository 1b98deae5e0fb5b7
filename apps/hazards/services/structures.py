"""Old walls: windows are analysed, compared with what is usual, and climb the ladder."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import Person
from apps.base import audit, clock
from apps.base.problems import Conflict, Invalid
from apps.base.units import convert
from apps.hazards.core.din4150 import Line, Spot
from apps.hazards.core.ladder import Rung, Signs, fall_radius_m, rung
from apps.hazards.core.listening import Channel, Flawed, Heard, hear
from apps.hazards.core.novelty import (
    PERSISTENT_WINDOWS,
    Baseline,
    Floats,
    baseline_of,
    is_novel,
    learn,
)
from apps.hazards.models import (
    Certainty,
    HazardKind,
    InspectionOrder,
    Severity,
    Structure,
    StructureSensor,
    StructureWindow,
    Urgency,
)
from apps.hazards.services.assessments import Finding, assess, end_assessment
from devices.events import EPOCH

SOURCE = "hazards.structure"
Role = StructureSensor.Role
# Samples may be on their way for so long after a window has ended.
SETTLE = timedelta(seconds=30)
# After a pause no more than so many windows are caught up.
MOST_WINDOWS = 12

_SAMPLES = """
SELECT datastream_id, (extract(epoch FROM phenomenon_at) * 1000000)::bigint, result
FROM devices_observation
WHERE datastream_id = ANY(%s) AND phenomenon_at > %s AND phenomenon_at <= %s
ORDER BY datastream_id, phenomenon_at
"""
_MEAN = """
SELECT avg(result) FROM devices_observation
WHERE datastream_id = %s AND phenomenon_at > %s AND phenomenon_at <= %s
"""
_UNIT = {
    Role.VELOCITY: "mm/s",
    Role.ACCELERATION: "m/s2",
    Role.TILT: "deg",
    Role.TEMPERATURE: "Cel",
}


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
            _climb(structure, windows[-1])
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
    channels = _channels(sensors, begin, end)
    tilt = _tilt_change(sensors, end)
    if not channels and tilt is None:
        return None
    window = StructureWindow(structure=structure, at=end, tilt_change_deg=tilt)
    window.temperature_c = _temperature(sensors, end)
    if channels:
        _listen(structure, window, channels)
    _compare(structure, window)
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


def _channels(sensors: Sequence[StructureSensor], begin: datetime, end: datetime) -> list[Channel]:
    moving = {
        sensor.datastream_id: sensor
        for sensor in sensors
        if sensor.role in (Role.VELOCITY, Role.ACCELERATION)
    }
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLES, [list(moving), begin, end])
        rows = cursor.fetchall()
    found: dict[int, list[tuple[int, float]]] = {}
    for stream, at_us, result in rows:
        found.setdefault(stream, []).append((at_us, result))
    return [_channel(moving[stream], pairs) for stream, pairs in found.items() if len(pairs) > 1]


def _channel(sensor: StructureSensor, pairs: list[tuple[int, float]]) -> Channel:
    times, values = zip(*pairs, strict=True)
    factor = convert(1.0, from_unit=sensor.datastream.unit, to_unit=_UNIT[Role(sensor.role)])
    return Channel(
        sensor.datastream.code,
        Spot(sensor.spot),
        np.array(times, dtype=np.int64),
        np.array(values, dtype=np.float64) * factor,
        is_acceleration=sensor.role == Role.ACCELERATION,
    )


def _temperature(sensors: Sequence[StructureSensor], end: datetime) -> float | None:
    told = [
        convert(mean, from_unit=sensor.datastream.unit, to_unit="Cel")
        for sensor in sensors
        if sensor.role == Role.TEMPERATURE
        and (mean := _mean(sensor, end - timedelta(hours=1), end)) is not None
    ]
    return round(float(np.mean(told)), 2) if told else None


def _tilt_change(sensors: Sequence[StructureSensor], end: datetime) -> float | None:
    """The greatest change of any tilt sensor's day against its day a week ago."""
    day, week = timedelta(days=1), timedelta(days=7)
    changes = []
    for sensor in sensors:
        if sensor.role == Role.TILT:
            now, then = _mean(sensor, end - day, end), _mean(sensor, end - week - day, end - week)
            if now is not None and then is not None:
                factor = convert(1.0, from_unit=sensor.datastream.unit, to_unit="deg")
                changes.append(abs(now - then) * factor)
    return round(max(changes), 4) if changes else None


def _mean(sensor: StructureSensor, begin: datetime, end: datetime) -> float | None:
    with connection.cursor() as cursor:
        cursor.execute(_MEAN, [sensor.datastream_id, begin, end])
        (mean,) = cursor.fetchone()
    return None if mean is None else float(mean)


# ---------------------------------------------------------------- what is usual


def _compare(structure: Structure, window: StructureWindow) -> None:
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


# ---------------------------------------------------------------- the ladder

_CONCERN = {
    Rung.NONE: Structure.Concern.NONE,
    Rung.NOTE: Structure.Concern.NOTE,
    Rung.INSPECT: Structure.Concern.INSPECT,
    Rung.CITIZENS: Structure.Concern.CITIZENS,
}
_RANKED = [_CONCERN[one] for one in Rung]


def _climb(structure: Structure, window: StructureWindow) -> None:
    """Up by itself, down only by people: an inspection order stays until somebody has looked."""
    reached = rung(_signs(structure, window))
    held = structure.orders.open().exists()
    before = _RANKED.index(Structure.Concern(structure.concern))
    if reached <= before and (held or reached == before):
        return
    structure.concern = _CONCERN[reached]
    structure.save(update_fields=["concern"])
    if reached == Rung.NONE:
        end_assessment(source=SOURCE, reference=structure.code)
        return
    evidence = _evidence(structure, window)
    if reached >= Rung.INSPECT:
        InspectionOrder.objects.get_or_create(
            structure=structure, closed_at=None,
            defaults={"reason": _reason(window, structure), "evidence": evidence,
                      "opened_at": clock.now()},
        )  # fmt: skip
    assess(
        source=SOURCE,
        reference=structure.code,
        finding=_finding(structure, window, reached, evidence),
    )


def _signs(structure: Structure, window: StructureWindow) -> Signs:
    share = None
    if window.velocity_mm_s is not None and window.guide_mm_s:
        share = window.velocity_mm_s / window.guide_mm_s
    tilted = (window.tilt_change_deg or 0.0) > structure.tilt_limit_deg
    return Signs(velocity_share=share, novel=window.novel, tilted=tilted)


_SEVERITY = {
    Rung.NOTE: Severity.MINOR,
    Rung.INSPECT: Severity.MODERATE,
    Rung.CITIZENS: Severity.SEVERE,
}


def _finding(
    structure: Structure, window: StructureWindow, reached: Rung, evidence: list[dict[str, Any]]
) -> Finding:
    """For people the footprint and as far as it could fall; for staff the building itself."""
    away = fall_radius_m(structure.height_m) if reached == Rung.CITIZENS else 1.0
    text = {
        Rung.NOTE: _("%(building)s: more vibration than usual; a note for staff"),
        Rung.INSPECT: _("Inspect %(building)s: %(reason)s"),
        Rung.CITIZENS: _("Keep away from %(building)s and inspect it at once: %(reason)s"),
    }[reached]
    return Finding(
        kind=HazardKind.STRUCTURE,
        summary=text % {"building": str(structure), "reason": _reason(window, structure)},
        geom=structure.footprint,
        buffer_m=away,
        severity=_SEVERITY[reached],
        certainty=Certainty.LIKELY if reached == Rung.CITIZENS else Certainty.POSSIBLE,
        urgency=Urgency.IMMEDIATE if reached == Rung.CITIZENS else Urgency.EXPECTED,
        evidence=evidence,
        onset_at=window.at,
    )


def _reason(window: StructureWindow, structure: Structure) -> str:
    reasons = []
    signs = _signs(structure, window)
    if (signs.velocity_share or 0.0) > 1.0:
        reasons.append(
            _("%(peak).1f mm/s at %(hertz).0f Hz, the guide value is %(guide).1f")
            % {"peak": window.velocity_mm_s, "hertz": window.frequency_hz,
               "guide": window.guide_mm_s}
        )  # fmt: skip
    if signs.novel:
        reasons.append(_("it has swung otherwise for six hours than its temperature explains"))
    if signs.tilted:
        reasons.append(_("its tilt has changed by %.2f° in a week") % window.tilt_change_deg)
    return "; ".join(reasons)


def _evidence(structure: Structure, window: StructureWindow) -> list[dict[str, Any]]:
    at = window.at.isoformat()
    page = f"/admin/hazards/structure/{structure.pk}/change/"
    facts: list[dict[str, Any]] = [
        {"title": _("Peak particle velocity"), "value": window.velocity_mm_s, "unit": "mm/s",
         "at": at, "link": page},
        {"title": _("Guide value (DIN 4150-3)"), "value": window.guide_mm_s, "unit": "mm/s",
         "at": at},
        {"title": _("Natural frequencies"), "unit": "Hz", "at": at, "link": page,
         "value": ", ".join("–" if f is None else f"{f:.2f}" for f in window.frequencies_hz)},
        {"title": _("Distance from what is usual"), "value": window.distance, "unit": "", "at": at},
        {"title": _("Change of tilt"), "value": window.tilt_change_deg, "unit": "°", "at": at},
        {"title": _("Temperature"), "value": window.temperature_c, "unit": "°C", "at": at},
    ]  # fmt: skip
    return [fact for fact in facts if fact["value"] not in (None, "")]


@transaction.atomic
def close_order(
    *, order: InspectionOrder, found: str, person: Person | None, actor: str
) -> InspectionOrder:
    """Somebody went and looked, and says what they found.

    Raises:
        Invalid: nothing was written down.
        Conflict: it is closed already.
    """
    if not found.strip():
        raise Invalid(errors={"found": _("Say what was found.")})
    row = InspectionOrder.objects.select_for_update().get(pk=order.pk)
    if row.closed_at is not None:
        raise Conflict(_("This order is closed."))
    row.closed_at, row.closed_by, row.found = clock.now(), person, found.strip()
    row.save(update_fields=["closed_at", "closed_by", "found"])
    Structure.objects.filter(pk=row.structure_id).update(concern=Structure.Concern.NONE)
    end_assessment(source=SOURCE, reference=row.structure.code, actor=actor)
    audit.record(
        actor=actor,
        action="hazards.inspection.close",
        subject=f"structure:{row.structure.code}",
        detail={"order": row.pk},
    )
    return row
