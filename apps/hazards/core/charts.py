"""Charts as SVG: a hydrograph with its levels and bands, and a building's peaks under their guide
values. Plain text, so that a mail, a page and a report can hold them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape

WIDTH, HEIGHT = 860, 340
LEFT, RIGHT, TOP, BOTTOM = 56, 120, 20, 34
_TICK_HOURS = (1, 2, 3, 6, 12, 24, 48, 168)


@dataclass(frozen=True, slots=True)
class Point:
    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Band:
    at: datetime
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hydrograph:
    """`levels` are (name, value); `now` is where the forecast begins."""

    title: str
    unit: str
    observed: Sequence[Point]
    now: datetime
    foreseen: Sequence[Band] = ()
    levels: Sequence[tuple[str, float]] = ()
    rain: Sequence[Point] = ()
    zone: timedelta = field(default=timedelta())


@dataclass(frozen=True, slots=True)
class _Frame:
    """Instants and values to pixels."""

    begin: datetime
    end: datetime
    low: float
    high: float

    def x(self, at: datetime) -> float:
        share = (at - self.begin) / (self.end - self.begin)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def line(self, points: Sequence[tuple[datetime, float]]) -> str:
        return " ".join(f"{self.x(at):.1f},{self.y(value):.1f}" for at, value in points)


def draw(chart: Hydrograph) -> str:
    """The SVG of a hydrograph."""
    frame = _frame(chart)
    parts = [
        *_grid(chart, frame), *_rain(chart, frame), *_levels(chart, frame), *_bands(chart, frame),
        *_observed(chart, frame), *_now(chart, frame),
    ]  # fmt: skip
    return _page(chart.title, parts)


def _page(title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{"".join(parts)}</svg>'
    )


def _frame(chart: Hydrograph) -> _Frame:
    instants = [p.at for p in chart.observed] + [b.at for b in chart.foreseen] + [chart.now]
    values = [p.value for p in chart.observed]
    values += [v for b in chart.foreseen for v in (b.low, b.high)]
    reached = max(values, default=1.0)
    # The next level above what is drawn is always in sight.
    above = [value for _name, value in chart.levels if value > reached]
    values += [value for _name, value in chart.levels if value <= reached] + above[:1]
    low, high = min([0.0, *values]), max([*values, 0.1])
    begin, end = min(instants), max(instants)
    if begin == end:
        begin -= timedelta(hours=1)
    return _Frame(begin, end, low, high + 0.08 * (high - low))


def _grid(chart: Hydrograph, frame: _Frame) -> list[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [f'<path d="M{LEFT} {TOP}V{bottom}H{right}" fill="none" stroke="#999"/>']
    for n in range(5):
        value = frame.low + n * (frame.high - frame.low) / 4
        y = frame.y(value)
        parts.append(
            f'<line x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eee"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{value:.3g}</text>'
        )
    parts.append(f'<text x="{LEFT}" y="{TOP - 6}" fill="#555">{escape(chart.unit)}</text>')
    return parts + _hours(chart, frame)


def _hours(chart: Hydrograph, frame: _Frame) -> list[str]:
    span_h = (frame.end - frame.begin) / timedelta(hours=1)
    step = next((hours for hours in _TICK_HOURS if span_h / hours <= 9), _TICK_HOURS[-1])
    local = frame.begin + chart.zone
    tick = local.replace(minute=0, second=0, microsecond=0)
    tick -= timedelta(hours=tick.hour % step)
    parts = []
    while (at := tick - chart.zone) <= frame.end:
        if at >= frame.begin:
            x = frame.x(at)
            label = f"{tick:%H:%M}" if step < 24 else f"{tick:%m-%d}"
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM + 4}"'
                f' stroke="#999"/><text x="{x:.1f}" y="{HEIGHT - 14}" text-anchor="middle" '
                f'fill="#555">{label}</text>'
            )
        tick += timedelta(hours=step)
    return parts


_COLOURS = ("#b8a000", "#d97706", "#dc2626", "#991b1b", "#4c1d95")


def _levels(chart: Hydrograph, frame: _Frame) -> list[str]:
    parts = []
    for number, (name, value) in enumerate(chart.levels):
        if value > frame.high:
            continue
        y, colour = frame.y(value), _COLOURS[min(number, len(_COLOURS) - 1)]
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}" '
            f'stroke-dasharray="6 4"/><text x="{WIDTH - RIGHT + 6}" y="{y + 4:.1f}" '
            f'fill="{colour}">{escape(name)} {value:g}</text>'
        )
    return parts


def _bands(chart: Hydrograph, frame: _Frame) -> list[str]:
    if not chart.foreseen:
        return []
    high = [(band.at, band.high) for band in chart.foreseen]
    low = [(band.at, band.low) for band in reversed(chart.foreseen)]
    middle = [(band.at, band.middle) for band in chart.foreseen]
    return [
        f'<polygon points="{frame.line([*high, *low])}" fill="#0ea5e9" fill-opacity="0.22"/>',
        (
            f'<polyline points="{frame.line(middle)}" fill="none" stroke="#0284c7" '
            'stroke-width="2" stroke-dasharray="5 3"/>'
        ),
    ]


def _observed(chart: Hydrograph, frame: _Frame) -> list[str]:
    line = frame.line([(point.at, point.value) for point in chart.observed])
    return [f'<polyline points="{line}" fill="none" stroke="#0c4a6e" stroke-width="2"/>']


def _rain(chart: Hydrograph, frame: _Frame) -> list[str]:
    """Bars that hang from the top, as hydrologists draw them, at most a third of the height."""
    most = max((point.value for point in chart.rain), default=0.0)
    if most <= 0:
        return []
    scale = (HEIGHT - TOP - BOTTOM) / 3 / max(most, 10.0)
    bars = [
        f'<rect x="{frame.x(point.at) - 2:.1f}" y="{TOP}" width="4" '
        f'height="{point.value * scale:.1f}" fill="#7dd3fc"/>'
        for point in chart.rain
        if point.value > 0 and frame.begin <= point.at <= frame.end
    ]
    label = f'<text x="{WIDTH - RIGHT + 6}" y="{TOP + 10}" fill="#0284c7">≤ {most:.3g} mm/h</text>'
    return [*bars, label]


def _now(chart: Hydrograph, frame: _Frame) -> list[str]:
    x = frame.x(chart.now)
    return [
        (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#333" '
            'stroke-dasharray="2 3"/>'
        )
    ]


@dataclass(frozen=True, slots=True)
class Peak:
    at: datetime
    velocity_mm_s: float
    guide_mm_s: float
    novel: bool


def draw_peaks(title: str, peaks: Sequence[Peak]) -> str:
    """A building's peaks as shares of their guide value; what was unusual is red."""
    if not peaks:
        return _page(title, [])
    most = max(1.2, *(peak.velocity_mm_s / peak.guide_mm_s for peak in peaks))
    begin, end = peaks[0].at, max(peaks[-1].at, peaks[0].at + timedelta(hours=1))
    frame = _Frame(begin, end, 0.0, most * 1.05)
    chart = Hydrograph(title=title, unit="v / v(DIN 4150-3)", observed=(), now=end)
    dots = [
        f'<circle cx="{frame.x(peak.at):.1f}" '
        f'cy="{frame.y(peak.velocity_mm_s / peak.guide_mm_s):.1f}" r="3" '
        f'fill="{"#dc2626" if peak.novel else "#0c4a6e"}"/>'
        for peak in peaks
    ]
    rungs = _levels(
        Hydrograph(title="", unit="", observed=(), now=end, levels=(("½", 0.5), ("1", 1.0))), frame
    )
    return _page(title, [*_grid(chart, frame), *rungs, *dots])
