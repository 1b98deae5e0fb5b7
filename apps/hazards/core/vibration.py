"""From a window of three axes to the peak that DIN 4150-3 asks for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal.windows import tukey

from apps.hazards.core.din4150 import Judgement, Line, Spot, guide_value

Floats = NDArray[np.float64]

BAND_HZ = (1.0, 80.0)
LEAST_SAMPLES = 128


@dataclass(frozen=True, slots=True)
class Peak:
    axis: int
    velocity_mm_s: float
    frequency_hz: float


def velocity_of(acceleration_m_s2: Floats, rate_hz: float) -> Floats:
    """Velocity in mm/s, samples by axes: integrated and kept to the band in one go, among the
    frequencies, so that drift never comes into being."""
    return 1000.0 * _band(acceleration_m_s2, rate_hz, integrate=True)


def peaks(velocity_mm_s: Floats, rate_hz: float) -> list[Peak]:
    """The peak of each axis within 1 to 80 Hz, with the dominant frequency around it.

    Raises:
        ValueError: too short a window, or one with gaps (NaN).
    """
    if len(velocity_mm_s) < LEAST_SAMPLES or not np.isfinite(velocity_mm_s).all():
        raise ValueError("A window of at least 128 samples without gaps is needed.")
    heard = _band(velocity_mm_s, rate_hz)
    return [_peak(heard[:, axis], axis, rate_hz) for axis in range(heard.shape[1])]


def judge(
    velocity_mm_s: Floats, rate_hz: float, *, line: Line, spot: Spot = Spot.FOUNDATION
) -> Judgement:
    """The axis that comes nearest to its guide value decides."""
    judged = [
        Judgement(p.velocity_mm_s, p.frequency_hz, guide_value(line, spot, p.frequency_hz))
        for p in peaks(velocity_mm_s, rate_hz)
    ]
    return max(judged, key=lambda one: one.share)


def _band(samples: Floats, rate_hz: float, *, integrate: bool = False) -> Floats:
    """What lies within the band, the ends faded in and out over half a second."""
    count = len(samples)
    fade = tukey(count, min(1.0, rate_hz / count))[:, None]
    spectrum = np.fft.rfft((samples - samples.mean(axis=0)) * fade, axis=0)
    hertz = np.fft.rfftfreq(count, 1 / rate_hz)
    low, high = BAND_HZ[0], min(BAND_HZ[1], 0.45 * rate_hz)
    gain = np.clip(2 * hertz / low - 1, 0.0, 1.0) * np.clip(1 + 10 * (1 - hertz / high), 0.0, 1.0)
    if integrate:
        gain = gain / (2j * np.pi * np.maximum(hertz, 0.1 * low))
    heard: Floats = np.fft.irfft(spectrum * gain[:, None], n=count, axis=0)
    return heard


def _peak(axis: Floats, number: int, rate_hz: float) -> Peak:
    """The frequency is where the spectrum of two seconds around the peak is highest."""
    at = int(np.argmax(np.abs(axis)))
    half = int(max(LEAST_SAMPLES // 2, rate_hz))
    around = axis[max(0, at - half) : at + half]
    spectrum = np.abs(np.fft.rfft(around * np.hanning(len(around)), n=8 * len(around)))
    hertz = np.fft.rfftfreq(8 * len(around), 1 / rate_hz)
    spectrum[(hertz < BAND_HZ[0]) | (hertz > BAND_HZ[1])] = 0.0
    return Peak(number, float(np.abs(axis[at])), float(max(hertz[int(spectrum.argmax())], 1.0)))
