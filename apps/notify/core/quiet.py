"""Quiet hours: from one local time to another, over midnight or not."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def is_quiet(local: time, quiet_from: time, quiet_to: time) -> bool:
    """Whether a local time lies in [from, to); equal times mean never."""
    if quiet_from <= quiet_to:
        return quiet_from <= local < quiet_to
    return local >= quiet_from or local < quiet_to


def quiet_until(
    at: datetime, quiet_from: time | None, quiet_to: time | None, zone: ZoneInfo
) -> datetime:
    """When somebody with these quiet hours may hear of it: `at` itself outside of them."""
    if quiet_from is None or quiet_to is None:
        return at
    local = at.astimezone(zone)
    if not is_quiet(local.time(), quiet_from, quiet_to):
        return at
    end = datetime.combine(local.date(), quiet_to, tzinfo=zone)
    if end <= local:
        end = datetime.combine(local.date() + timedelta(days=1), quiet_to, tzinfo=zone)
    return end
