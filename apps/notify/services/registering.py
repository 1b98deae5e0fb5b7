"""Apps register themselves, say where about they are, and leave."""

import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Person
from apps.base import clock
from apps.base.problems import Conflict, Invalid, NotAllowed, NotFound
from apps.notify.core import cells
from apps.notify.models import Registration, digest

# Where browsers' push services live. An address is a stranger's word: we post nowhere else.
PUSH_HOSTS = (
    "fcm.googleapis.com", "updates.push.services.mozilla.com", "push.services.mozilla.com",
    "web.push.apple.com", "notify.windows.com",
)  # fmt: skip
LIVE = "live"  # an app that cannot be woken: it listens while it is open
TRANSPORTS = ("fcm", LIVE, "webpush")
LONGEST_ADDRESS = 4096


class AddressOfAnother(Conflict):
    slug = "address-of-another"
    title = gettext_lazy("This token belongs to another registration.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an app says of itself."""

    platform: str
    transport: str
    address: str
    locale: str
    cell: int | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None
    muted: Sequence[str] = ()


def register_app(*, wish: Wish, person: Person | None = None) -> tuple[Registration, str]:
    """A new registration and the secret that opens it, shown once.

    Raises:
        Invalid, AddressOfAnother: the token is registered, and the caller is not its owner.
    """
    _check(wish)
    secret = secrets.token_urlsafe(24)
    now = clock.now()
    try:
        with transaction.atomic():
            row = Registration.objects.create(
                secret_hash=digest(secret), person=person, created_at=now, **_columns(wish)
            )
    except IntegrityError as error:
        raise AddressOfAnother from error
    return row, secret


@transaction.atomic
def renew_app(*, registration: Registration, wish: Wish, person: Person | None) -> Registration:
    """The app says it anew: another token, another cell, other wishes. Raises as register_app."""
    _check(wish)
    columns = _columns(wish)
    try:
        with transaction.atomic():
            Registration.objects.filter(pk=registration.pk).update(
                **columns, person=person or registration.person
            )
    except IntegrityError as error:
        raise AddressOfAnother from error
    registration.refresh_from_db()
    return registration


@transaction.atomic
def move_app(*, registration: Registration, cell: int | None) -> None:
    """It is in another cell now, or will not say."""
    _check_cell(cell)
    now = clock.now()
    Registration.objects.filter(pk=registration.pk).update(
        cell=cell, cell_at=now if cell else None, seen_at=now
    )


def end_app(*, registration: Registration) -> None:
    """It leaves: its saved places go with it."""
    registration.saved_places.all().delete()
    Registration.objects.filter(pk=registration.pk, ended_at=None).update(
        ended_at=clock.now(), ended_because="left", cell=None, cell_at=None
    )


def opened_registration(code: uuid.UUID | str, secret: str) -> Registration:
    """Raises NotFound, NotAllowed."""
    row = Registration.objects.live().select_related("person").filter(code=code).first()
    if row is None:
        raise NotFound
    if not row.opens_with(secret):
        raise NotAllowed(_("This registration belongs to another app."))
    return row


def topics_of(registration: Registration) -> list[str]:
    """The FCM topics the app should follow."""
    if registration.cell is None:
        return []
    return [cells.topic_name(cells.parent(registration.cell, cells.TOPIC))]


def _columns(wish: Wish) -> dict[str, Any]:
    now = clock.now()
    return {
        "platform": wish.platform,
        "transport": wish.transport,
        "address": wish.address,
        "address_hash": digest(wish.address),
        "locale": wish.locale[:10],
        "cell": wish.cell,
        "cell_at": now if wish.cell else None,
        "quiet_from": wish.quiet_from,
        "quiet_to": wish.quiet_to,
        "muted": list(wish.muted)[:20],
        "seen_at": now,
    }


def _check(wish: Wish) -> None:
    errors = {}
    if wish.platform not in Registration.Platform.values:
        errors["platform"] = _("One of android, ios, web.")
    if wish.transport not in TRANSPORTS:
        errors["transport"] = _("One of fcm, live, webpush.")
    if not 8 <= len(wish.address) <= LONGEST_ADDRESS:
        errors["address"] = _("A token or a subscription is expected.")
    elif wish.transport == "webpush" and not _is_subscription(wish.address):
        errors["address"] = _("A browser's push subscription is expected.")
    if errors:
        raise Invalid(errors=errors)
    _check_cell(wish.cell)


def _check_cell(cell: int | None) -> None:
    if cell is not None and not cells.is_cell(cell, cells.COARSE):
        raise Invalid(errors={"cell": _("An H3 cell of resolution 8 is expected.")})


def _is_subscription(address: str) -> bool:
    try:
        subscription = json.loads(address)
        parts = urlsplit(str(subscription["endpoint"]))
        keys = subscription["keys"]
        whole = bool(keys["p256dh"]) and bool(keys["auth"])
    except (ValueError, KeyError, TypeError):
        return False
    host = parts.hostname or ""
    known = any(host == one or host.endswith(f".{one}") for one in PUSH_HOSTS)
    own = parts.netloc in settings.WEB_PUSH_HOSTS
    return whole and ((known and parts.scheme == "https") or own)
