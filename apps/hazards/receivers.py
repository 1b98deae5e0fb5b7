"""What follows for hazards from what devices observe: rows of work, in the writer's transaction.

Watching levels and forecasting are rows of their own, so that a forecast that fails holds nothing
up that was observed.
"""

from django.db import connection

from apps.base import work
from apps.hazards.models import Detector, Station
from apps.hazards.services.detectors import SOUND
from apps.hazards.services.forecasts import FORECAST
from apps.hazards.services.watching import WATCH
from devices.events import Arrivals, Receiver

_STATIONS = """
SELECT id FROM hazards_station WHERE datastream_id = ANY(%s) AND retired_at IS NULL ORDER BY id
"""
_DETECTORS = "SELECT id FROM hazards_detector WHERE datastream_id = ANY(%s) ORDER BY id"


def water_came(arrivals: Arrivals) -> None:
    ids = _ids(_STATIONS, arrivals)
    if ids:
        work.enqueue(WATCH, {"stations": ids})
        work.enqueue(FORECAST, {"stations": ids})


def detectors_spoke(arrivals: Arrivals) -> None:
    ids = _ids(_DETECTORS, arrivals)
    if ids:
        work.enqueue(SOUND, {"detectors": ids})


def _ids(query: str, arrivals: Arrivals) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, [sorted(set(arrivals.datastream_ids.tolist()))])
        return [row[0] for row in cursor.fetchall()]


water = Receiver(frozenset(Station.PROPERTY.values()), water_came)
detectors = Receiver(frozenset(Detector.PROPERTY.values()), detectors_spoke)
