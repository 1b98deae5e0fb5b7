"""Tables in partitions: observations by UTC day, sums of hours by UTC month.

Partitions are made before they are needed (`run_ahead`, by the beat); a batch that comes to a day
without one makes it itself. What is too old goes with its partition, at no cost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

from apps.base import clock

AHEAD_DAYS = 3
_LOCK = 0x50415254  # one maker at a time

_made: dict[tuple[str, str], set[date]] = {}


@dataclass(frozen=True, slots=True)
class Partitioned:
    """A table and how long one of its partitions is."""

    table: str
    monthly: bool = False

    def start(self, day_on: date) -> date:
        return day_on.replace(day=1) if self.monthly else day_on

    def end(self, start_on: date) -> date:
        if not self.monthly:
            return start_on + timedelta(days=1)
        return (start_on + timedelta(days=32)).replace(day=1)

    def name(self, start_on: date) -> str:
        return f"{self.table}_{start_on:{'%Y%m' if self.monthly else '%Y%m%d'}}"


OBSERVATIONS = Partitioned("devices_observation")
HOURS = Partitioned("devices_hourlyrollup", monthly=True)


def run_ahead() -> int:
    """Make the partitions of today and the next days. Returns how many were made."""
    today_on = clock.now().date()
    days_on = [today_on + timedelta(days=n) for n in range(-1, AHEAD_DAYS + 1)]
    return ensure(days_on) + ensure(days_on, of=HOURS)


def ensure(days_on: Iterable[date], *, of: Partitioned = OBSERVATIONS) -> int:
    """Make the partitions that are missing. Returns how many were made."""
    known = _made.setdefault((str(connection.settings_dict["NAME"]), of.table), set())
    wanted = sorted({of.start(day_on) for day_on in days_on} - known)
    if not wanted:
        return 0
    with transaction.atomic():
        made = _make(of, wanted) if _missing(of, wanted) else 0
        # Not before commit: what is rolled back is not there.
        transaction.on_commit(lambda: known.update(wanted))
    return made


# Read from the table, not by to_regclass: a session may remember that a name was not there.
_PARTITIONS = """
SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = %s::regclass
"""


def present(of: Partitioned) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONS, [of.table])
        return {name for (name,) in cursor.fetchall()}


def _missing(of: Partitioned, starts_on: list[date]) -> list[date]:
    there = present(of)
    return [start_on for start_on in starts_on if of.name(start_on) not in there]


def _make(of: Partitioned, starts_on: list[date]) -> int:
    """Make tables apart and attach them: unlike CREATE … PARTITION OF, that stops no reader."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        still = _missing(of, starts_on)
        for start_on in still:
            name = of.name(start_on)
            cursor.execute(f"CREATE TABLE {name} (LIKE {of.table} INCLUDING DEFAULTS)")
            cursor.execute(
                f"ALTER TABLE {of.table} ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)",
                [_midnight(start_on), _midnight(of.end(start_on))],
            )
    return len(still)


def drop_before(oldest_on: date, *, of: Partitioned) -> int:
    """Let go of every partition that ends before a day. Returns how many."""
    newest = of.name(of.start(oldest_on))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        old = sorted(name for name in present(of) if name < newest)
        for name in old:
            cursor.execute(f"ALTER TABLE {of.table} DETACH PARTITION {name}")
            cursor.execute(f"DROP TABLE {name}")
    _made.pop((str(connection.settings_dict["NAME"]), of.table), None)
    return len(old)


def _midnight(day_on: date) -> datetime:
    return datetime(day_on.year, day_on.month, day_on.day, tzinfo=UTC)
