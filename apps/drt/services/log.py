"""The dispatch log: what was decided, by whom, and why."""

from typing import Any

import msgspec

from apps.accounts.models import Person
from apps.base import clock
from apps.drt.models import Booking, DispatchEvent, Service, Shift


def actor_of(person: Person) -> str:
    return f"person:{person.code}"


def note(
    kind: str,
    *,
    service: Service,
    actor: str,
    shift: Shift | None = None,
    booking: Booking | None = None,
    plan_version: int | None = None,
    **detail: Any,
) -> None:
    """Append one line in the caller's transaction."""
    DispatchEvent.objects.create(
        at=clock.now(),
        kind=kind,
        service=service,
        shift=shift,
        booking=booking,
        plan_version=plan_version,
        actor=actor,
        detail=msgspec.to_builtins(detail, enc_hook=str),
    )
