"""Voices of many sources on one number, pooled in log-odds. Arrays, one row per voice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

# How likely a source is right at the moment it speaks, before anything is known of its past.
LIKELY_RIGHT = {"count": 0.95, "bay": 0.95, "gates": 0.9, "report": 0.7}
# Voices that differ by one car, or 3 % of the spaces, do not contradict each other.
TOLERATED_CARS, TOLERATED_SHARE = 1.0, 0.03
# Voices a fifth of the spaces apart leave half of the confidence.
DISAGREEMENT = 3.5
IMPOSSIBLE = 0.5  # what is left of a voice that says what cannot be
MINOR = 0.1  # a voice lighter than this beside another does not make it a choir


@dataclass(frozen=True)
class Voices:
    pool: Integers
    way: Integers
    taken: Floats
    says_free: Bools  # `taken` counts free spaces instead
    right: Floats
    at_us: Integers
    until_us: Integers

    def only(self, wanted: NDArray[np.bool_]) -> "Voices":
        return Voices(**{name: column[wanted] for name, column in vars(self).items()})


@dataclass(frozen=True)
class Heard:
    """One row per pool: what the voices say together, and what the heaviest of them said."""

    taken: Integers
    confidence: Floats
    fresh_until_us: Integers
    way: Integers
    raw: Floats
    several: Bools


def joined(*voices: Voices) -> Voices:
    return Voices(
        **{name: np.concatenate([vars(one)[name] for one in voices]) for name in vars(voices[0])}
    )


def faded(age_us: Integers, half_us: Integers) -> Floats:
    """Half after one half-life."""
    return np.asarray(0.5 ** (age_us / np.maximum(half_us, 1)))


def fresh_at(age_us: Integers, fresh_for_us: Integers) -> Bools:
    return age_us <= fresh_for_us


def log_odds(share: Floats) -> Floats:
    bounded = np.clip(share, 0.001, 0.999)
    return np.asarray(np.log(bounded / (1 - bounded)))


def pooled(voices: Voices, total: Integers) -> Heard:
    """Weigh each voice by its odds of being right, faded by its age against the newest voice of its
    pool; average the log-odds of their shares; be the less sure the more they differ."""
    spaces, pools = total[voices.pool], len(total)
    raw = np.where(voices.says_free, spaces - voices.taken, voices.taken)
    taken = np.clip(raw, 0, spaces)
    possible = np.abs(raw - taken) <= np.maximum(0.1 * spaces, 1)
    right = np.clip(voices.right * np.where(possible, 1.0, IMPOSSIBLE), 0.0, 0.99)
    newest = np.full(pools, np.iinfo(np.int64).min)
    np.maximum.at(newest, voices.pool, voices.at_us)
    age = newest[voices.pool] - voices.at_us
    fade = faded(age, voices.until_us - voices.at_us)
    weight = np.maximum(right / (1 - right) * fade, 1e-9)
    # Half a car at either end keeps the log-odds finite, and the way back exact.
    share = (taken + 0.5) / (spaces + 1)
    mean = _weighed(np.log(share / (1 - share)), weight, voices.pool, pools)
    together = (total + 1) / (1 + np.exp(-mean)) - 0.5
    heaviest = _heaviest(voices.pool, weight, pools)
    several = _several(voices.pool, weight, heaviest, pools)
    heard = np.where(several, together, taken[heaviest] if len(taken) else 0.0)
    differs = _weighed(_apart(taken, heard[voices.pool], spaces), weight, voices.pool, pools)
    wrong = np.bincount(voices.pool, weights=np.log1p(-right * fade), minlength=pools)
    confidence = (1 - np.exp(wrong)) * np.exp(-DISAGREEMENT * differs)
    return Heard(
        taken=np.rint(np.clip(heard, 0, total)).astype(np.int64),
        confidence=np.round(confidence, 3),
        fresh_until_us=voices.until_us[heaviest] if len(taken) else newest,
        way=voices.way[heaviest] if len(taken) else np.zeros(pools, dtype=np.int64),
        raw=raw[heaviest] if len(taken) else np.zeros(pools),
        several=several,
    )  # fmt: skip


def _weighed(values: Floats, weight: Floats, pool: Integers, pools: int) -> Floats:
    whole = np.bincount(pool, weights=weight, minlength=pools)
    return np.asarray(
        np.bincount(pool, weights=values * weight, minlength=pools) / np.maximum(whole, 1e-12)
    )


def _heaviest(pool: Integers, weight: Floats, pools: int) -> Integers:
    """The row of each pool's heaviest voice; of pools without a voice it means nothing."""
    found = np.zeros(pools, dtype=np.int64)
    order = np.argsort(weight, kind="stable")  # later entries overwrite earlier ones
    found[pool[order]] = order
    return found


def _several(pool: Integers, weight: Floats, heaviest: Integers, pools: int) -> Bools:
    if not len(weight):
        return np.zeros(pools, dtype=np.bool_)
    counts = weight >= MINOR * weight[heaviest][pool]
    return np.bincount(pool[counts], minlength=pools) > 1


def _apart(taken: Floats, heard: Floats, spaces: Integers) -> Floats:
    """Share of the spaces by which a voice differs from all, beyond what is tolerated."""
    tolerated = np.maximum(TOLERATED_CARS, TOLERATED_SHARE * spaces)
    return np.asarray(np.maximum(np.abs(taken - heard) - tolerated, 0) / np.maximum(spaces, 1))
