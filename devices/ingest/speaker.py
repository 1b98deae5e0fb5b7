"""Who speaks at the door, and with which catalogue in force: one question to the database."""

from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from apps.base.problems import NotSignedIn
from devices.ingest.streams import Stamp
from devices.services.gateways import hash_of

_BY_KEY = """
SELECT gateway.id, gateway.code, coalesce(catalogue.version, 0), coalesce(catalogue.changed_in, 0)
FROM devices_gatewaykey AS key
JOIN devices_gateway AS gateway ON gateway.id = key.gateway_id
LEFT JOIN devices_catalogue AS catalogue ON true
WHERE key.hash = %s AND key.ended_at IS NULL AND gateway.active
"""
_BY_CODE = """
SELECT gateway.id, gateway.code, coalesce(catalogue.version, 0), coalesce(catalogue.changed_in, 0)
FROM devices_gateway AS gateway LEFT JOIN devices_catalogue AS catalogue ON true
WHERE gateway.code = %s AND gateway.active
"""


# How the schema names this way in; its type wants names, its reader requirements.
GATEWAY_KEY: Any = [{"GatewayKey": []}]


class UnknownGateway(NotSignedIn):
    slug = "unknown-gateway"
    title = _("This gateway key is not known, or no longer valid.")

    def headers(self) -> dict[str, str]:
        return super().headers() | {"WWW-Authenticate": "Gateway"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """An authenticated gateway and the stamp of the catalogue it is judged by."""

    gateway_id: int
    code: str
    stamp: Stamp


def from_header(authorization: str) -> Speaker:
    """The gateway of `Authorization: Gateway KEY`, or of a Basic one with its code and key, for
    clients that know no other. Raises UnknownGateway."""
    scheme, _space, given = authorization.partition(" ")
    match scheme.lower():
        case "gateway":
            return _find(_BY_KEY, hash_of(given.strip()))
        case "basic":
            code, key = _basic(given)
            speaker = _find(_BY_KEY, hash_of(key))
            if speaker.code == code:
                return speaker
            raise UnknownGateway
    raise UnknownGateway(_("Send the header 'Authorization: Gateway KEY'."))


def _basic(given: str) -> tuple[str, str]:
    try:
        code, _colon, key = b64decode(given.strip(), validate=True).decode().partition(":")
    except ValueError as error:
        raise UnknownGateway from error
    return code, key


def known_as(code: str) -> Speaker:
    """The gateway with this code, authenticated by other means. Raises UnknownGateway."""
    return _find(_BY_CODE, code)


def _find(query: str, value: str) -> Speaker:
    with connection.cursor() as cursor:
        cursor.execute(query, [value])
        row = cursor.fetchone()
    if row is None:
        raise UnknownGateway
    gateway_id, code, version, changed_in = row
    return Speaker(gateway_id, code, (version, changed_in))
