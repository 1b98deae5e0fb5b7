"""Where to park: by what getting from here to the door costs in expectation, in seconds.

    V(i) = drive(i) + P(i)·(walk(i) + price(i)) + (1 − P(i))·(search + next(i))

A driver who finds a site full searches in vain, then goes to whichever other is best from there;
who fails twice gives up (`GIVE_UP_S`). Prices are turned into seconds by what an hour is worth.
Distances are metres in a plane.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRIVE_M_S = 6.1  # 22 km/h door to door in a town
DETOUR = 1.3  # streets against the straight line
SEARCH_S = 180.0
GIVE_UP_S = 1_200.0
LIKELY, UNLIKELY, UNSURE = 0.9, 0.5, 0.6


@dataclass(frozen=True, slots=True)
class Option:
    """A site as the driver meets it. `price_s` is the price in seconds; None is unknown."""

    east_m: float
    north_m: float
    drive_s: float
    walk_s: float
    price_s: float | None
    chance: float


@dataclass(frozen=True, slots=True)
class Ranked:
    number: int  # place in the options given
    cost_s: float
    otherwise: int | None  # where to go if it is full


def rank(options: Sequence[Option]) -> list[Ranked]:
    """The cheapest first; equals in the order given."""
    if not options:
        return []
    chance = np.array([option.chance for option in options])
    arrived = np.array([option.walk_s for option in options]) + _prices(options)
    tried = chance * arrived + (1 - chance) * SEARCH_S
    cost, otherwise = _with_recourse(_legs(options), tried, chance)
    cost += np.array([option.drive_s for option in options])
    order = np.argsort(cost, kind="stable")
    alone = len(options) == 1
    return [Ranked(int(n), float(cost[n]), None if alone else int(otherwise[n])) for n in order]


def _prices(options: Sequence[Option]) -> Floats:
    """An unknown price counts as the middle of the known ones."""
    known = [option.price_s for option in options if option.price_s is not None]
    middle = float(np.median(known)) if known else 0.0
    return np.array([middle if one.price_s is None else one.price_s for one in options])


def _legs(options: Sequence[Option]) -> Floats:
    """Seconds from each site to each other; from one to itself is no way."""
    place = np.array([complex(option.east_m, option.north_m) for option in options])
    legs: Floats = np.abs(place[:, None] - place[None, :]) * (DETOUR / DRIVE_M_S)
    np.fill_diagonal(legs, np.inf)
    return legs


def _with_recourse(legs: Floats, tried: Floats, chance: Floats) -> tuple[Floats, Floats]:
    second = legs + (tried + (1 - chance) * GIVE_UP_S)[None, :]
    otherwise = second.argmin(axis=1)
    fallback = np.minimum(second[np.arange(len(tried)), otherwise], GIVE_UP_S)
    return tried + (1 - chance) * fallback, otherwise


def reasons(options: Sequence[Option], confidences: Sequence[float]) -> list[list[str]]:
    """Why each stands where it stands, by code: what it is best at, and what speaks against it."""
    best = {
        "shortest_walk": min(options, key=lambda o: o.walk_s, default=None),
        "shortest_drive": min(options, key=lambda o: o.drive_s, default=None),
        "cheapest": min(
            (o for o in options if o.price_s is not None),
            key=lambda o: o.price_s or 0.0,
            default=None,
        ),
    }
    prices = {option.price_s for option in options}
    if len(prices) < 2:
        best.pop("cheapest")
    if all(option.drive_s == options[0].drive_s for option in options):
        best.pop("shortest_drive")
    return [
        _told(option, confidence, [code for code, one in best.items() if one is option])
        for option, confidence in zip(options, confidences, strict=True)
    ]


def _told(option: Option, confidence: float, best_at: list[str]) -> list[str]:
    told = ["space_likely"] if option.chance >= LIKELY else []
    told += best_at
    if option.price_s == 0:
        told.append("free_of_charge")
    if option.chance < UNLIKELY:
        told.append("often_full")
    if confidence < UNSURE:
        told.append("unsure")
    return told
