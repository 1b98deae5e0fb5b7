"""From a window of three axes to the peak that DIN 4150-3 asks for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

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
    """Velocity in mm/s by integration, samples by axes; what is slower than the band is drift."""
    still = acceleration_m_s2 - acceleration_m_s2.mean(axis=0)
    rough = np.cumsum(_band(still, rate_hz), axis=0) / rate_hz * 1000.0
    return _band(rough, rate_hz)


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


def _band(samples: Floats, rate_hz: float) -> Floats:
    high = min(BAND_HZ[1], 0.45 * rate_hz)
    sections = butter(2, (BAND_HZ[0] * 0.5, high), btype="bandpass", fs=rate_hz, output="sos")
    heard: Floats = sosfiltfilt(sections, samples, axis=0)
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
