"""How likely two reports speak of the same thing: by place, text, time and photo.

score = 0.25 text + 0.35 place + 0.20 time + 0.20 service, each in 0..1; the weights were chosen
on a synthetic city other than the one they are judged by:

- text: cosine of character n-grams of the words that tell (`ngrams.signature`);
- place: exp(−(d/r)²/2) for d metres apart, r the radius within which the service's reports are the
  same thing (a lamp 15 m, a pothole 30 m, a flood 150 m);
- time: exp(−age/7 days);
- service: 1 for the same one, 0.5 within its group, else 0.

Photos that show the same (64-bit difference hash, at most ten bits apart) lift the rest half way
to certainty; no photo is no evidence. Without a place only close texts within a week are alike.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from apps.complaints.core.ngrams import Signature, cosine

OFFER_FROM = 0.68
SURE_FROM = 0.85
CAMPAIGN_TEXT = 0.65
CAMPAIGN_DAYS = 7.0
MEMORY_DAYS = 7.0
SAME_PHOTO_BITS = 10


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared. `east_m`, `north_m` are metres in any common projection."""

    signature: Signature
    at: datetime
    service: str
    group: str
    radius_m: float
    east_m: float | None = None
    north_m: float | None = None
    photo_hashes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    score: float
    text: float
    distance_m: float | None
    age_days: float
    same_photo: bool


def compare(one: Report, other: Report) -> Likeness:
    text = cosine(one.signature, other.signature)
    distance_m = _distance_m(one, other)
    age_days = abs((one.at - other.at).total_seconds()) / 86_400
    same_photo = _show_the_same(one.photo_hashes, other.photo_hashes)
    if distance_m is None:
        score = text if text >= CAMPAIGN_TEXT and age_days <= CAMPAIGN_DAYS else 0.0
    else:
        score = (
            0.25 * text
            + 0.35 * math.exp(-0.5 * (distance_m / max(one.radius_m, other.radius_m)) ** 2)
            + 0.20 * math.exp(-age_days / MEMORY_DAYS)
            + 0.20 * _service(one, other)
        )
    if same_photo:
        score += (1 - score) / 2
    return Likeness(score, text, distance_m, age_days, same_photo)


def _distance_m(one: Report, other: Report) -> float | None:
    if one.east_m is None or one.north_m is None:
        return None
    if other.east_m is None or other.north_m is None:
        return None
    return math.hypot(one.east_m - other.east_m, one.north_m - other.north_m)


def _service(one: Report, other: Report) -> float:
    if one.service == other.service:
        return 1.0
    return 0.5 if one.group and one.group == other.group else 0.0


def _show_the_same(ours: tuple[int, ...], theirs: tuple[int, ...]) -> bool:
    return any(
        ((mine ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count() <= SAME_PHOTO_BITS
        for mine in ours
        for other in theirs
    )
