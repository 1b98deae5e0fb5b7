"""What follows for traffic from what devices observe."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from apps.traffic.core.fusion import Source, speed_of_loop
from apps.traffic.models import LinkSensor
from apps.traffic.services.sensing import SEEN_PROPERTIES
from apps.traffic.services.speeds import Seen, note_seen
from devices.events import EPOCH, Arrivals, Receiver

USUAL_N = 3.0  # vehicles behind a speed of which nobody says how many
Row = dict[str, tuple[LinkSensor, float]]


def see_links(arrivals: Arrivals) -> None:
    """Speeds, counts and occupancies of detectors and cameras; what one thing says of one moment
    is read together."""
    sensors = {
        sensor.pk: sensor
        for sensor in LinkSensor.objects.filter(
            datastream__in=set(arrivals.datastream_ids.tolist())
        ).select_related("datastream", "link")
    }
    rows: dict[tuple[int, int, int], Row] = defaultdict(dict)
    columns = (arrivals.datastream_ids, arrivals.times_us, arrivals.values)
    for stream, at_us, value in zip(*(column.tolist() for column in columns), strict=True):
        sensor = sensors.get(stream)
        if sensor is not None:
            key = (sensor.link_id, sensor.datastream.thing_id, at_us)
            rows[key][sensor.role] = (sensor, value)
    note_seen(seen=list(_seen(rows)))


def _seen(rows: dict[tuple[int, int, int], Row]) -> Iterator[Seen]:
    for (link, _thing, at_us), row in rows.items():
        sensor = next(iter(row.values()))[0]
        count = row["count"][1] if "count" in row else None
        if "speed" in row:
            speed_mps: float | None = row["speed"][1] / 3.6
        elif count is not None and "occupancy" in row:
            speed_mps = speed_of_loop(
                count, row["occupancy"][1] / 100.0, sensor.period_s, free_mps=sensor.link.free_mps
            )
        else:
            speed_mps = None
        if speed_mps is not None and count != 0:
            at = EPOCH + timedelta(microseconds=at_us)
            yield Seen(link, at, Source(sensor.source), speed_mps, count or USUAL_N)


links = Receiver(frozenset(plan.code for plan in SEEN_PROPERTIES), see_links)
