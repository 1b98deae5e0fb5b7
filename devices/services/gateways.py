"""Gateways and their keys. A key is shown once; we keep its SHA-256, which is enough for 32 random
bytes. Two keys may live at a time, so that a gateway changes over without a gap."""

import secrets
from collections.abc import Mapping
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import audit, clock, work
from apps.base.problems import Conflict
from apps.base.sealing import seal
from devices.models import Gateway, GatewayKey

PREFIX = "gw_"
BROKER_WORK = "devices.tell_broker"
MOST_LIVE_KEYS = 2


def hash_of(key: str) -> str:
    return sha256(key.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def create_gateway(
    *, code: str, names: Mapping[str, str], actor: str, key: str | None = None
) -> tuple[Gateway, str]:
    """Create a gateway and its first key, which is returned and not kept.

    Raises:
        Conflict: the code is taken.
    """
    if Gateway.objects.filter(code=code).exists():
        raise Conflict(errors={"code": _("There is a gateway with this code.")})
    gateway = Gateway.objects.create(code=code, names=dict(names), created_at=clock.now())
    audit.record(actor=actor, action="gateway.created", subject=f"gateway:{code}")
    return gateway, _add_key(gateway, key)


@transaction.atomic
def rotate_key(*, gateway: Gateway, actor: str) -> str:
    """Give the gateway a further key and return it. The newest before it stays alive, any older
    one ends now."""
    Gateway.objects.select_for_update().get(pk=gateway.pk)
    key = _add_key(gateway, None)
    keep = GatewayKey.objects.filter(gateway=gateway).live().order_by("-pk")[:MOST_LIVE_KEYS]
    live = GatewayKey.objects.filter(gateway=gateway).live()
    live.exclude(pk__in=list(keep.values_list("pk", flat=True))).update(ended_at=clock.now())
    audit.record(actor=actor, action="gateway.key_rotated", subject=f"gateway:{gateway.code}")
    return key


@transaction.atomic
def end_key(*, key: GatewayKey, actor: str) -> None:
    """Refuse the key from now on; ending an ended key changes nothing."""
    if GatewayKey.objects.filter(pk=key.pk).live().update(ended_at=clock.now()):
        _tell_broker(key.gateway)
        audit.record(
            actor=actor,
            action="gateway.key_ended",
            subject=f"gateway:{key.gateway.code}",
            detail={"begins_with": key.hint},
        )


@transaction.atomic
def set_active(*, gateway: Gateway, active: bool, actor: str) -> None:
    """Listen to the gateway, or refuse all its keys until told otherwise."""
    if Gateway.objects.filter(pk=gateway.pk).exclude(active=active).update(active=active):
        _tell_broker(gateway)
        audit.record(
            actor=actor,
            action="gateway.activated" if active else "gateway.stopped",
            subject=f"gateway:{gateway.code}",
        )


def _add_key(gateway: Gateway, key: str | None) -> str:
    key = key or PREFIX + secrets.token_urlsafe(32)
    GatewayKey.objects.create(
        gateway=gateway, hash=hash_of(key), hint=key[:9], created_at=clock.now()
    )
    _tell_broker(gateway, hint=key[:9], sealed=seal(key))
    return key


def _tell_broker(gateway: Gateway, **more: str) -> None:
    work.enqueue(BROKER_WORK, {"gateway": gateway.pk, **more})
