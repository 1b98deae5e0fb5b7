"""What traffic keeps has an end."""

from datetime import timedelta

from apps.base import clock
from apps.traffic.models import (
    Incident,
    JunctionMinute,
    LinkSample,
    LinkSlot,
    PriorityRequest,
    SignalCommand,
)

SAMPLES_KEPT = timedelta(hours=3)
SLOTS_KEPT = timedelta(days=400)
INCIDENTS_KEPT = timedelta(days=730)
COMMANDS_KEPT = timedelta(days=730)


def link_samples() -> int:
    return LinkSample.objects.filter(at__lt=clock.now() - SAMPLES_KEPT).delete()[0]


def link_slots() -> int:
    return LinkSlot.objects.filter(at__lt=clock.now() - SLOTS_KEPT).delete()[0]


def incidents() -> int:
    over = Incident.objects.filter(cleared_at__lt=clock.now() - INCIDENTS_KEPT)
    return over.delete()[0]


def signal_commands() -> int:
    return SignalCommand.objects.filter(at__lt=clock.now() - COMMANDS_KEPT).delete()[0]


MINUTES_KEPT = timedelta(days=400)
REQUESTS_KEPT = timedelta(days=90)


def junction_minutes() -> int:
    return JunctionMinute.objects.filter(at__lt=clock.now() - MINUTES_KEPT).delete()[0]


def priority_requests() -> int:
    old = PriorityRequest.objects.filter(asked_at__lt=clock.now() - REQUESTS_KEPT)
    return old.delete()[0]
