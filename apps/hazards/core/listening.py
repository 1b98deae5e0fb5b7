"""One window of a building's sensors: from raw samples to what the ladder asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from apps.hazards.core.din4150 import Judgement, Line, Spot
from apps.hazards.core.modal import SEGMENT, decompose, follow, modes
from apps.hazards.core.vibration import judge, velocity_of

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]

# Off by more than this, a stream is not what was agreed.
RATE_TOLERANCE = 0.2
MOST_MODES = 6


class Flawed(ValueError):
    """The window says nothing about the building; the message says what is wrong with it."""


@dataclass(frozen=True, eq=False)
class Channel:
    """Samples of one sensor: acceleration in m/s² or velocity in mm/s."""

    code: str
    spot: Spot
    times_us: Instants
    values: Floats
    is_acceleration: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """The peak nearest to its guide value, and the natural frequencies (NaN: not found)."""

    peak: Judgement
    frequencies_hz: tuple[float, ...] = field(default=())


def hear(
    channels: Sequence[Channel], *, rate_hz: float, window_s: float, line: Line,
    known_hz: Sequence[float] = (),
) -> Heard:  # fmt: skip
    """Analyse a window.

    Raises:
        Flawed: a stream at the wrong rate, one that repeats itself, or too few samples.
    """
    grid = {channel.code: _on_grid(channel, rate_hz, window_s) for channel in channels}
    velocity = {
        channel.code: velocity_of(grid[channel.code][:, None], rate_hz)[:, 0]
        if channel.is_acceleration
        else grid[channel.code]
        for channel in channels
    }
    judged = [
        judge(_stacked(velocity, channels, spot), rate_hz, line=line, spot=spot)
        for spot in sorted({channel.spot for channel in channels})
    ]
    peak = max(judged, key=lambda one: one.share)
    return Heard(peak, _frequencies(grid, rate_hz, known_hz))


def _on_grid(channel: Channel, rate_hz: float, window_s: float) -> Floats:
    """Equally spaced samples. A stream that is not what was agreed is not bent into shape."""
    count = len(channel.values)
    wanted = rate_hz * window_s
    if count < 0.5 * wanted and count < 256:
        raise Flawed(f"{channel.code}: {count} samples in a window of {window_s:g} s.")
    span_s = (channel.times_us[-1] - channel.times_us[0]) / 1e6
    told_hz = (count - 1) / span_s if span_s else float("inf")
    if abs(told_hz / rate_hz - 1) > RATE_TOLERANCE:
        raise Flawed(f"{channel.code}: {told_hz:.3g} samples a second, {rate_hz:g} were agreed.")
    if not np.isfinite(channel.values).all():
        raise Flawed(f"{channel.code}: a sample is no number.")
    if np.ptp(channel.values) == 0 or _repeats(channel.values):
        raise Flawed(f"{channel.code}: repeats itself.")
    begin, end = channel.times_us[0], channel.times_us[-1]
    at = np.linspace(begin, end, round(span_s * rate_hz) + 1)
    return np.interp(at, channel.times_us.astype(np.float64), channel.values)


def _repeats(values: Floats) -> bool:
    """Most samples are just the one before, as from a sensor that hangs and is asked again."""
    return float(np.mean(np.diff(values) == 0)) > 0.5


def _stacked(velocity: Mapping[str, Floats], channels: Sequence[Channel], spot: Spot) -> Floats:
    axes = [velocity[channel.code] for channel in channels if channel.spot == spot]
    shortest = min(len(axis) for axis in axes)
    return np.stack([axis[:shortest] for axis in axes], axis=1)


def _frequencies(
    grid: Mapping[str, Floats], rate_hz: float, known_hz: Sequence[float]
) -> tuple[float, ...]:
    shortest = min(len(axis) for axis in grid.values())
    samples = np.stack([axis[:shortest] for axis in grid.values()], axis=1)
    segment = min(SEGMENT, 1 << int(np.log2(max(shortest // 4, 1))))
    if segment < 128:
        return ()
    spectrum = decompose(samples, rate_hz, segment=segment)
    if len(known_hz):
        found = follow(spectrum, np.asarray(known_hz, dtype=np.float64))
        return tuple(float(one) for one in found)
    strongest = sorted(modes(spectrum), key=lambda mode: -mode.prominence_db)[:MOST_MODES]
    return tuple(sorted(mode.frequency_hz for mode in strongest))
