"""One partition of `devices_observation` for each UTC day, made before it is needed.

`run_ahead` is called by the beat; a batch that comes to a day without one makes it itself.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

from apps.base import clock
from devices.ingest.validate import KEPT

AHEAD_DAYS = 3
_LOCK = 0x50415254  # one maker at a time

_made: dict[str, set[date]] = {}


def name_of(day_on: date) -> str:
    return f"devices_observation_{day_on:%Y%m%d}"


def run_ahead() -> int:
    """Make today's partition and the next days'. Returns how many were made."""
    today_on = clock.now().date()
    return ensure(today_on + timedelta(days=n) for n in range(-1, AHEAD_DAYS + 1))


def ensure(days_on: Iterable[date]) -> int:
    """Make the partitions that are missing. Returns how many were made."""
    known = _made.setdefault(str(connection.settings_dict["NAME"]), set())
    wanted = sorted(set(days_on) - known)
    if not wanted:
        return 0
    with transaction.atomic():
        missing = _missing(wanted)
        if missing:
            made = _make(missing)
        else:
            made = 0
        # Not before commit: what is rolled back is not there.
        transaction.on_commit(lambda: known.update(wanted))
    return made


# Read from the table, not by to_regclass: a session may remember that a name was not there.
_MISSING = """
SELECT day FROM unnest(%s::date[]) AS day
WHERE NOT EXISTS (
    SELECT FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'devices_observation'::regclass
      AND relname = 'devices_observation_' || to_char(day, 'YYYYMMDD')
)
"""


def _missing(days_on: list[date]) -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [days_on])
        return [row[0] for row in cursor.fetchall()]


def _make(days_on: list[date]) -> int:
    """Make tables apart and attach them: unlike CREATE … PARTITION OF, that stops no reader."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        still = _missing(days_on)
        for day_on in still:
            name, start = name_of(day_on), _midnight(day_on)
            end = start + timedelta(days=1)
            cursor.execute(f"CREATE TABLE {name} (LIKE devices_observation INCLUDING DEFAULTS)")
            cursor.execute(
                f"ALTER TABLE devices_observation ATTACH PARTITION {name}"
                " FOR VALUES FROM (%s) TO (%s)",
                [start, end],
            )
    return len(still)


def drop_old() -> int:
    """Let go of days that nobody may write to any more. Returns how many."""
    oldest_on = (clock.now() - KEPT).date() - timedelta(days=1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'devices_observation'::regclass"
        )
        old = [name for (name,) in cursor.fetchall() if name < name_of(oldest_on)]
        for name in old:
            cursor.execute(f"ALTER TABLE devices_observation DETACH PARTITION {name}")
            cursor.execute(f"DROP TABLE {name}")
    return len(old)


def _midnight(day_on: date) -> datetime:
    return datetime(day_on.year, day_on.month, day_on.day, tzinfo=UTC)
