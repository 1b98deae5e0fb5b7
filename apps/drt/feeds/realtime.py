"""`/gtfs-rt/vehicle-positions.pb` and `/gtfs-rt/trip-updates.pb`: GTFS-Realtime 2.0.

A shift is a trip that no timetable knows (`NEW`), whose stop times are the plan as it stands. Only
virtual stops are published, never where a rider lives.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from google.transit import gtfs_realtime_pb2 as pb

from apps.base import clock
from apps.base.answers import answer
from apps.city.models import the_city
from apps.drt.models import VehicleType
from apps.drt.selectors.runs import Run, runs

TTL_S = 5
CONTENT_TYPE = "application/x-protobuf"
SHARES = (
    (0.0, pb.VehiclePosition.EMPTY),
    (0.5, pb.VehiclePosition.MANY_SEATS_AVAILABLE),
    (0.99, pb.VehiclePosition.FEW_SEATS_AVAILABLE),
)


def vehicle_positions(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    feed = positions_of(runs(), now)
    return _answer(request, feed)


def trip_updates(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    return _answer(request, updates_of(runs(), now))


def _answer(request: HttpRequest, feed: pb.FeedMessage) -> HttpResponse:
    """As protobuf, or as text with `?format=text` for people who look into it."""
    if request.GET.get("format") == "text":
        return answer(request, str(feed).encode(), content_type="text/plain", ttl_s=TTL_S)
    undated = pb.FeedMessage()
    undated.CopyFrom(feed)
    undated.header.ClearField("timestamp")
    return answer(
        request,
        feed.SerializeToString(),
        content_type=CONTENT_TYPE,
        ttl_s=TTL_S,
        etag_of=undated.SerializeToString(deterministic=True),
    )


def _feed(now: datetime) -> pb.FeedMessage:
    feed = pb.FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    feed.header.incrementality = pb.FeedHeader.FULL_DATASET
    feed.header.timestamp = int(now.timestamp())
    return feed


def positions_of(on_the_road: tuple[Run, ...], now: datetime) -> pb.FeedMessage:
    """Every vehicle that was seen lately, how full it is, and what it drives to."""
    feed = _feed(now)
    for run in on_the_road:
        if run.is_fresh(now):
            _add_position(feed.entity.add(), run)
    return feed


def _add_position(entity: pb.FeedEntity, run: Run) -> None:
    vehicle = run.shift.vehicle
    assert vehicle.seen_geom is not None
    assert vehicle.seen_at is not None
    entity.id = f"position:{vehicle.code}"
    seen = entity.vehicle
    _describe(seen.trip, run)
    _name(seen.vehicle, run)
    seen.position.latitude = vehicle.seen_geom.y
    seen.position.longitude = vehicle.seen_geom.x
    if vehicle.bearing_deg is not None:
        seen.position.bearing = vehicle.bearing_deg
    if vehicle.speed_mps is not None:
        seen.position.speed = vehicle.speed_mps
    seen.timestamp = int(vehicle.seen_at.timestamp())
    seen.occupancy_status = _occupancy(run.riders, run.room)
    seen.occupancy_percentage = round(100 * run.riders / run.room) if run.room else 0
    if run.halts:
        seen.stop_id = run.halts[0].stop_code
        seen.current_status = pb.VehiclePosition.IN_TRANSIT_TO


def updates_of(on_the_road: tuple[Run, ...], now: datetime) -> pb.FeedMessage:
    """The plan of every vehicle that has one, stop by stop."""
    feed = _feed(now)
    for run in on_the_road:
        if run.halts:
            _add_update(feed.entity.add(), run)
    return feed


def _add_update(entity: pb.FeedEntity, run: Run) -> None:
    entity.id = f"trip:{run.shift.code}"
    update = entity.trip_update
    _describe(update.trip, run)
    _name(update.vehicle, run)
    update.timestamp = int(run.plan.revised_at.timestamp())
    for sequence, halt in enumerate(run.halts, start=1):
        time = update.stop_time_update.add()
        time.stop_sequence = sequence
        time.stop_id = halt.stop_code
        time.arrival.time = int(halt.arrives_at.timestamp())
        time.arrival.uncertainty = halt.spread_s
        time.departure.time = int(halt.leaves_at.timestamp())
        time.departure.uncertainty = halt.spread_s
        time.departure_occupancy_status = _occupancy(halt.riders_after, run.room)


def _describe(trip: pb.TripDescriptor, run: Run) -> None:
    started = run.shift.starts_at.astimezone(the_city().zone)
    trip.trip_id = str(run.shift.code)
    trip.route_id = run.shift.vehicle.service.code
    trip.start_date = f"{started:%Y%m%d}"
    trip.start_time = f"{started:%H:%M:%S}"
    trip.schedule_relationship = pb.TripDescriptor.NEW


def _name(descriptor: pb.VehicleDescriptor, run: Run) -> None:
    vehicle = run.shift.vehicle
    descriptor.id = vehicle.code
    descriptor.label = vehicle.label or vehicle.code
    if vehicle.plate:
        descriptor.license_plate = vehicle.plate
    is_closed = vehicle.type.wheelchair_boarding == VehicleType.Boarding.INACCESSIBLE
    kinds = pb.VehicleDescriptor
    descriptor.wheelchair_accessible = (
        kinds.WHEELCHAIR_INACCESSIBLE if is_closed else kinds.WHEELCHAIR_ACCESSIBLE
    )


def _occupancy(riders: int, room: int) -> pb.VehiclePosition.OccupancyStatus:
    share = riders / room if room else 1.0
    for most, status in SHARES:
        if share <= most:
            return status
    return pb.VehiclePosition.FULL
