"""Natural frequencies from ambient vibration by frequency-domain decomposition.

Brincker, Zhang & Andersen (2001), Smart Materials and Structures 10: the first singular value of
the cross-spectral matrix peaks where the structure swings by itself; its singular vector is the
shape.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import csd, find_peaks, resample_poly

Floats = NDArray[np.float64]

SEGMENT = 1024
# A mode stands out by so many decibels above the floor around it.
LEAST_PROMINENCE_DB = 6.0
LEAST_DISTANCE_HZ = 0.15


@dataclass(frozen=True, eq=False)
class Mode:
    frequency_hz: float
    shape: NDArray[np.complex128]
    prominence_db: float


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The first singular value, in decibels, by frequency."""

    frequency_hz: Floats
    first_db: Floats
    shapes: NDArray[np.complex128]

    @property
    def bin_hz(self) -> float:
        return float(self.frequency_hz[1])


def decompose(samples: Floats, rate_hz: float, *, segment: int = SEGMENT) -> Spectrum:
    """`samples` by channels, equally spaced; each channel counts alike, whatever its unit.

    Raises:
        ValueError: fewer than four segments, a gap, or a channel that never moves.
    """
    if len(samples) < 4 * segment or not np.isfinite(samples).all():
        raise ValueError("At least four segments without gaps are needed.")
    spread = samples.std(axis=0)
    if (spread == 0).any():
        raise ValueError("A channel never moves.")
    alike = (samples - samples.mean(axis=0)) / spread
    channels = alike.shape[1]
    bins = segment // 2 + 1
    cross = np.empty((bins, channels, channels), dtype=np.complex128)
    for one in range(channels):
        hertz, cross[:, one, :] = _row(alike, one, rate_hz, segment)
    left, singular, _right = np.linalg.svd(cross)
    return Spectrum(hertz, 10 * np.log10(singular[:, 0]), left[:, :, 0])


def _row(samples: Floats, one: int, rate_hz: float, segment: int) -> tuple[Floats, Floats]:
    hertz, row = csd(
        samples[:, [one]], samples, fs=rate_hz, nperseg=segment, noverlap=segment // 2, axis=0
    )
    return hertz, row


def modes(spectrum: Spectrum, *, above_hz: float = 0.5) -> list[Mode]:
    """The peaks that stand out, by frequency."""
    apart = max(1, round(LEAST_DISTANCE_HZ / spectrum.bin_hz))
    found, facts = find_peaks(spectrum.first_db, prominence=LEAST_PROMINENCE_DB, distance=apart)
    return [
        Mode(float(spectrum.frequency_hz[at]), spectrum.shapes[at], float(prominence))
        for at, prominence in zip(found, facts["prominences"], strict=True)
        if spectrum.frequency_hz[at] >= above_hz
    ]


def follow(spectrum: Spectrum, known_hz: Floats, *, reach: float = 0.15) -> Floats:
    """The frequencies of known modes in a new window: the highest point near each, sharpened by a
    parabola through its neighbours; NaN where nothing stands out there."""
    found = np.full(len(known_hz), np.nan)
    for number, hertz in enumerate(known_hz):
        near = np.flatnonzero(np.abs(spectrum.frequency_hz - hertz) <= reach * hertz)
        if not len(near):
            continue
        top = near[int(spectrum.first_db[near].argmax())]
        if 0 < top < len(spectrum.first_db) - 1 and top not in (near[0], near[-1]):
            found[number] = spectrum.frequency_hz[top] + _vertex(spectrum, top) * spectrum.bin_hz
    return found


def _vertex(spectrum: Spectrum, top: int) -> float:
    left, middle, right = spectrum.first_db[top - 1 : top + 2]
    bend = left - 2 * middle + right
    return float(0.5 * (left - right) / bend) if bend < 0 else 0.0


def at_rate(samples: Floats, told_hz: int, wanted_hz: int) -> Floats:
    """Samples brought to another rate, for streams that are not set as they should be."""
    resampled: Floats = resample_poly(samples, wanted_hz, told_hz, axis=0)
    return resampled
