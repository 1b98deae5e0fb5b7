"""How well sites and devices do, for staff: quality on a map, scorecards, charts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.base import clock
from apps.parking.models import Exclusion, ParkingSite, PoolFeed, PoolOutlook
from apps.parking.selectors import evidence_for, site_rows

BACK = timedelta(days=30)
SURE, UNSURE = 0.8, 0.5
WIDTH, HEIGHT = 560, 120

# Of each site: its devices, how many are out now, how many days of the last thirty any was.
_SCORES = """
SELECT pool.site_id, count(*), count(*) FILTER (WHERE gone.feed_id IS NOT NULL), avg(feed.trust)
FROM parking_poolfeed AS feed
JOIN parking_capacitypool AS pool ON pool.id = feed.pool_id
LEFT JOIN parking_exclusion AS gone
    ON gone.feed_id = feed.datastream_id AND gone.back_at IS NULL
GROUP BY pool.site_id
"""


@dataclass(frozen=True)
class SiteScore:
    """A site on the quality map. `grade` is good, fair, poor or unknown."""

    pk: int
    code: str
    name: str
    lon: float
    lat: float
    grade: str
    free: int | None
    capacity: int
    confidence: float | None
    quality: str
    devices: int
    excluded: int
    trust: float | None


def site_scores() -> list[SiteScore]:
    """Every site in use, the worst first."""
    with connection.cursor() as cursor:
        cursor.execute(_SCORES)
        devices = {site: rest for site, *rest in cursor.fetchall()}
    sites = {site.code: site for site in ParkingSite.objects.in_use()}
    rows = site_rows([site.pk for site in sites.values()])
    scores = [_score(sites[row["id"]], row, devices.get(sites[row["id"]].pk)) for row in rows]
    order = ("poor", "unknown", "fair", "good")
    return sorted(scores, key=lambda score: (order.index(score.grade), score.code))


def _score(site: ParkingSite, row: dict[str, Any], devices: Sequence[Any] | None) -> SiteScore:
    count, excluded, trust = devices or (0, 0, None)
    return SiteScore(
        pk=site.pk,
        code=site.code,
        name=str(site),
        lon=row["lon"],
        lat=row["lat"],
        grade=_grade(row["quality"], row["confidence"], count, excluded),
        free=row["free"],
        capacity=row["capacity"],
        confidence=row["confidence"],
        quality=row["quality"],
        devices=count,
        excluded=excluded,
        trust=None if trust is None else round(float(trust), 2),
    )


def _grade(quality: str, confidence: float | None, devices: int, excluded: int) -> str:
    if not devices:
        return "unknown"
    if quality != "live" or confidence is None or confidence < UNSURE:
        return "poor"
    return "fair" if confidence < SURE or excluded else "good"


# ---------------------------------------------------------------- one site


def scorecard(site: ParkingSite) -> SafeString:
    """Its devices one by one, and the outlook of its pools."""
    return format_html("{}{}", _devices(site), _outlooks(site))


def _devices(site: ParkingSite) -> SafeString:
    fallen = _falls(site)
    rows = [
        (
            f"{one['gateway']}/{one['datastream']}",
            dict(PoolFeed.Role.choices)[one["role"]],
            _age(one["observed_at"]),
            f"{one['trust']:.2f}",
            dict(Exclusion.Reason.choices).get(one["excluded"], "–"),
            fallen.get((one["gateway"], one["datastream"]), 0),
        )
        for one in evidence_for(site.pk)
    ]
    heads = (
        _("device"), _("role"), _("last heard"), _("trust"), _("excluded"),
        _("exclusions in 30 days"),
    )  # fmt: skip
    return table(heads, rows)


def _falls(site: ParkingSite) -> dict[tuple[str, str], int]:
    rows = Exclusion.objects.filter(
        feed__pool__site=site, excluded_at__gt=clock.now() - BACK
    ).values_list("feed__datastream__gateway__code", "feed__datastream__code")
    found: dict[tuple[str, str], int] = {}
    for gateway, code in rows:
        found[gateway, code] = found.get((gateway, code), 0) + 1
    return found


def _age(at: datetime | None) -> str:
    if at is None:
        return _("never")
    minutes = (clock.now() - at).total_seconds() / 60
    if minutes < 120:
        return _("%d min ago") % max(minutes, 0)
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _outlooks(site: ParkingSite) -> SafeString:
    outlooks = PoolOutlook.objects.filter(pool__site=site).select_related("pool")
    return format_html_join(
        "",
        "<h3 class='font-semibold mt-4'>{}</h3>{}",
        ((one.pool.get_category_display(), curve(one)) for one in outlooks.order_by("pool")),
    )


def curve(outlook: PoolOutlook) -> SafeString:
    """The share expected to be taken over the next day, between its bounds."""
    last = outlook.minutes[-1] or 1
    xs = [minute / last * WIDTH for minute in outlook.minutes]

    def points(shares: Iterable[float]) -> list[str]:
        return [f"{x:.0f},{HEIGHT * (1 - y):.0f}" for x, y in zip(xs, shares, strict=True)]

    band = " ".join([*points(outlook.low), *reversed(points(outlook.high))])
    return format_html(
        '<svg viewBox="0 0 {} {}" style="max-width:{}px;background:#f8fafc" role="img"'
        ' aria-label="{}"><polygon points="{}" fill="#bae6fd"></polygon>'
        '<polyline points="{}" fill="none" stroke="#0369a1" stroke-width="2"></polyline></svg>',
        WIDTH, HEIGHT, WIDTH, _("Share taken over the next 24 hours"), band,
        " ".join(points(outlook.expected)),
    )  # fmt: skip


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> SafeString:
    """A plain table in the admin's dress."""
    head = format_html_join("", '<th scope="col" class="p-2">{}</th>', ((one,) for one in heads))
    body = format_html_join(
        "",
        '<tr class="border-t border-base-200 dark:border-base-800">{}</tr>',
        (
            (format_html_join("", '<td class="p-2 tabular-nums">{}</td>', ((v,) for v in row)),)
            for row in rows
        ),
    )
    return format_html(
        '<div class="overflow-x-auto"><table class="text-left"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        head, body,
    )  # fmt: skip
