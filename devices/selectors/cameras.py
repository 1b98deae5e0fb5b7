"""Cameras and what they saw, for staff's lists: a fixed number of queries, however many."""

from django.db.models import Count, Q

from devices.models import Camera, CameraEvent
from devices.models.cameras import CameraEventQuerySet, CameraQuerySet


def camera_rows() -> CameraQuerySet:
    """With their state, how many zones are drawn and how many events wait; the sealed and the
    large columns stay where they are."""
    rows = Camera.objects.select_related("thing__gateway", "state", "department")
    return rows.defer("url_sealed", "onvif_sealed", "reference", "head").annotate(
        zones_drawn=Count("zones", distinct=True),
        events_waiting=Count("events", filter=Q(events__verdict=""), distinct=True),
    )


def event_rows() -> CameraEventQuerySet:
    return CameraEvent.objects.select_related("camera__thing", "zone")
