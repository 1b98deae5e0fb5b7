"""The city's application with one more receiver: the highest value of each stream, set-based."""

from apps.base import columns
from citizen.asgi import application
from devices.events import Arrivals, Receiver, receivers

_HIGHEST = """
INSERT INTO bench_highest AS held (datastream_id, value)
SELECT * FROM unnest(%s::integer[], %s::double precision[])
ON CONFLICT (datastream_id) DO UPDATE SET value = excluded.value WHERE held.value < excluded.value
"""


def _note_highest(arrivals: Arrivals) -> None:
    newest = arrivals.newest()
    with columns.cursor() as cursor:
        cursor.execute(
            _HIGHEST, [columns.Integers(newest.datastream_ids), columns.Reals(newest.values)]
        )


highest = Receiver(frozenset({"level"}), _note_highest)
receivers.add("bench.highest", f"{__name__}.highest")

__all__ = ["application"]
