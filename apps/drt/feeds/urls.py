"""Published standards at their own paths, outside the API."""

from django.urls import path

from apps.drt.feeds import flex, realtime
from apps.drt.feeds.gofs import live
from apps.drt.feeds.gofs import views as gofs

urlpatterns = [
    path("gtfs/flex.zip", flex.flex_zip, name="gtfs-flex"),
    path("gtfs-rt/vehicle-positions.pb", realtime.vehicle_positions, name="gtfs-rt-positions"),
    path("gtfs-rt/trip-updates.pb", realtime.trip_updates, name="gtfs-rt-updates"),
    path("gofs/1/gofs.json", gofs.directory, name="gofs"),
    path("gofs/1/gofs_versions.json", gofs.versions, name="gofs-versions"),
    path("gofs/1/<str:language>/wait_time.json", live.wait_time, name="gofs-wait-time"),
    path(
        "gofs/1/<str:language>/realtime_booking.json",
        live.realtime_booking,
        name="gofs-realtime-booking",
    ),
    path("gofs/1/<str:language>/<str:name>.json", gofs.static_file, name="gofs-file"),
]
