"""One body for a whole chunk: pyfcm builds it once, the address is spliced in.

A device that follows `tag` and `version` shows a thing once, however often it arrives: Android and
browsers replace by tag, Apple by collapse id, and the app drops versions it has seen.
"""

from datetime import datetime

import msgspec

from apps.notify.kinds.fcm.account import Account
from apps.notify.services.transports import Parcel

_HOLE = "citizen-address-goes-here"
MAX_BYTES = 4096
MAX_TOPIC_BYTES = 2048


class TooLong(ValueError):
    """The provider would refuse it."""


class Body:
    """`head + address + tail` is the request's body."""

    def __init__(self, whole: bytes) -> None:
        self.head, self.tail = whole.split(_HOLE.encode())

    def addressed(self, address: str) -> bytes:
        return self.head + msgspec.json.encode(address)[1:-1] + self.tail


def body_for(account: Account, parcel: Parcel, now: datetime, *, topic: bool = False) -> Body:
    """Raises TooLong."""
    ttl_s = max(int((parcel.expires_at - now).total_seconds()), 0)
    whole = account.parse_payload(
        **{"topic_name" if topic else "fcm_token": _HOLE},
        notification_title=parcel.content.title,
        notification_body=parcel.content.body,
        data_payload=_data(parcel),
        android_config=_android(parcel, ttl_s),
        apns_config=_apns(parcel, int(parcel.expires_at.timestamp())),
        webpush_config={"headers": {"TTL": str(ttl_s), "Urgency": _urgency(parcel)}},
    )
    if len(whole) > (MAX_TOPIC_BYTES if topic else MAX_BYTES):
        raise TooLong(f"{len(whole)} bytes")
    return Body(whole)


def _data(parcel: Parcel) -> dict[str, str]:
    return {
        **parcel.data,
        "telling": parcel.code,
        "tag": parcel.tag,
        "version": str(parcel.version),
        "category": parcel.category,
        **({"link": parcel.link} if parcel.link else {}),
    }


def _android(parcel: Parcel, ttl_s: int) -> dict[str, object]:
    return {
        "priority": "HIGH" if parcel.critical or parcel.lane < 2 else "NORMAL",
        "ttl": f"{ttl_s}s",
        "collapse_key": parcel.tag,
        "direct_boot_ok": parcel.critical,
        "notification": {
            "tag": parcel.tag,
            "channel_id": "alarm" if parcel.critical else parcel.category,
            **({"visibility": "PUBLIC"} if parcel.critical else {}),
        },
    }


def _apns(parcel: Parcel, expires_s: int) -> dict[str, object]:
    """Without Apple's entitlement for critical alerts the phone takes it as time-sensitive."""
    aps: dict[str, object] = {"interruption-level": "active"}
    if parcel.critical:
        aps = {
            "interruption-level": "critical",
            "sound": {"critical": 1, "name": "alarm.caf", "volume": 1.0},
        }
    return {
        "headers": {
            "apns-collapse-id": parcel.tag,
            "apns-expiration": str(expires_s),
            "apns-priority": "10" if parcel.critical or parcel.lane < 2 else "5",
        },
        "payload": {"aps": aps},
    }


def _urgency(parcel: Parcel) -> str:
    return "high" if parcel.critical else "normal"
