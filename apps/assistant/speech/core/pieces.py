"""Long speech cut where it is quiet, for models that hear only so much at a time."""

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
LOOKS_S = 0.2  # how long a quiet place is


def cut_where_quiet(
    sound: Sound, rate_hz: int, *, longest_s: float, within_s: float
) -> list[Sound]:
    """Pieces of at most `longest_s`; each is cut at the quietest place of its last `within_s`."""
    longest, within = int(longest_s * rate_hz), int(within_s * rate_hz)
    pieces = []
    while len(sound) > longest:
        at = longest - within + _quietest(sound[longest - within : longest], int(LOOKS_S * rate_hz))
        pieces.append(sound[:at])
        sound = sound[at:]
    return [*pieces, sound]


def _quietest(sound: Sound, width: int) -> int:
    """The middle of the stretch of `width` samples with the least energy; never the beginning."""
    energy = np.concatenate([[0.0], np.cumsum(np.square(sound, dtype=np.float64))])
    return int(np.argmin(energy[width:] - energy[:-width])) + width // 2
