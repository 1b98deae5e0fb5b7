"""Courses over time as pictures in the page: no script, no picture file.

A point is (share of the width, least, middle, greatest); a gap in time breaks the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT = 720, 160
LEFT, BOTTOM, TOP = 56, 22, 8
SPARK_WIDTH, SPARK_HEIGHT = 120, 24


class Point(NamedTuple):
    at: datetime
    low: float
    mean: float
    high: float


@dataclass(frozen=True, slots=True)
class Frame:
    """What a picture shows of time: from when to when, and how far apart neighbours may be."""

    start: datetime
    end: datetime
    gap: timedelta

    def x(self, at: datetime, width: float) -> float:
        return round((at - self.start) / (self.end - self.start) * width, 1)


def time_chart(points: Sequence[Point], frame: Frame, *, unit: str, label: str) -> SafeString:
    """A line of means over a band from the least to the greatest, with an axis of time."""
    low, high = _bounds(points)
    wide, tall = WIDTH - LEFT, HEIGHT - BOTTOM - TOP

    def place(p: Point) -> tuple[float, float, float, float]:
        below, middle, above = (TOP + _y(value, low, high, tall) for value in p[1:])
        return LEFT + frame.x(p.at, wide), below, middle, above

    scaled = [[place(point) for point in run] for run in _unbroken(points, frame.gap)]
    return format_html(
        '<figure><svg viewBox="0 0 {} {}" width="100%" role="img" aria-label="{}"'
        ' style="max-width:{}px">{}{}{}</svg></figure>',
        WIDTH, HEIGHT, f"{label}: {low:g} … {high:g} {unit}", WIDTH,
        _axes(frame, low, high, unit),
        format_html_join("", "{}", ((_band(run),) for run in scaled)),
        format_html_join("", "{}", ((_line([(x, y) for x, _l, y, _h in run]),) for run in scaled)),
    )  # fmt: skip


def sparkline(points: Sequence[Point], frame: Frame, *, label: str) -> SafeString:
    """A course as wide as a word."""
    if not points:
        return mark_safe("–")
    low, high = _bounds(points)
    runs = [
        [(frame.x(p.at, SPARK_WIDTH), _y(p.mean, low, high, SPARK_HEIGHT - 4) + 2) for p in run]
        for run in _unbroken(points, frame.gap)
    ]
    return format_html(
        '<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}">{3}</svg>',
        SPARK_WIDTH, SPARK_HEIGHT, f"{label}: {low:g} … {high:g}",
        format_html_join("", "{}", ((_line(run),) for run in runs)),
    )  # fmt: skip


def _bounds(points: Sequence[Point]) -> tuple[float, float]:
    return min(p.low for p in points), max(p.high for p in points)


def _y(value: float, low: float, high: float, tall: float) -> float:
    span = high - low
    return round(tall - (value - low) / span * tall if span else tall / 2, 1)


def _unbroken(points: Sequence[Point], gap: timedelta) -> list[list[Point]]:
    runs: list[list[Point]] = []
    for point in points:
        if not runs or point.at - runs[-1][-1].at > gap:
            runs.append([])
        runs[-1].append(point)
    return runs


def _line(places: Sequence[tuple[float, float]]) -> SafeString:
    if len(places) == 1:
        x, y = places[0]
        return format_html('<circle cx="{}" cy="{}" r="1.5" fill="currentColor"/>', x, y)
    return format_html(
        '<polyline points="{}" fill="none" stroke="currentColor" stroke-width="1.5"/>',
        " ".join(f"{x},{y}" for x, y in places),
    )


def _band(run: Sequence[tuple[float, float, float, float]]) -> SafeString:
    there = [f"{x},{high}" for x, _low, _mean, high in run]
    back = [f"{x},{low}" for x, low, _mean, _high in reversed(run)]
    return format_html(
        '<polygon points="{}" fill="currentColor" opacity="0.18"/>', " ".join(there + back)
    )


def _axes(frame: Frame, low: float, high: float, unit: str) -> SafeString:
    floor = HEIGHT - BOTTOM
    levels = [(TOP, high), (floor, low)] if high > low else [((TOP + floor) / 2, low)]
    grid = format_html_join(
        "",
        '<line x1="{0}" x2="{1}" y1="{2}" y2="{2}" stroke="currentColor" opacity="0.2"/>'
        '<text x="{3}" y="{4}" text-anchor="end" font-size="11" fill="currentColor">{5}</text>',
        ((LEFT, WIDTH, y, LEFT - 6, y + 4, f"{value:.4g}") for y, value in levels),
    )
    days = (frame.end - frame.start) > timedelta(days=2)
    ticks = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}" font-size="11" fill="currentColor">{}</text>',
        (
            (LEFT + share * (WIDTH - LEFT), HEIGHT - 6, anchor, _when(frame, share, days))
            for share, anchor in ((0, "start"), (1 / 3, "middle"), (2 / 3, "middle"), (1, "end"))
        ),
    )
    name = format_html(
        '<text x="0" y="{}" font-size="11" fill="currentColor">{}</text>', HEIGHT - 6, unit
    )
    return grid + ticks + name


def _when(frame: Frame, share: float, days: bool) -> str:
    at = timezone.localtime(frame.start + (frame.end - frame.start) * share)
    return date_format(at, "MONTH_DAY_FORMAT" if days else "TIME_FORMAT")
