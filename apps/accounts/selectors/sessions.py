"""Session tokens at the doors that Django's request machinery does not see."""

from collections.abc import Mapping
from typing import Any

from allauth.headless.internal.sessionkit import authenticate_by_x_session_token
from channels.db import database_sync_to_async

from apps.accounts.models import Person, User

SUBPROTOCOL = "citizen"
_OFFERED = "session."


def token_in(scope: Mapping[str, Any]) -> str:
    """The session token of an ASGI scope.

    Apps send the header `X-Session-Token`. A browser cannot set headers on a WebSocket: it offers
    the subprotocols `citizen` and `session.<token>`, and the consumer accepts `SUBPROTOCOL`.
    """
    for name, value in scope["headers"]:
        if name == b"x-session-token":
            return str(value.decode("latin-1"))
    offered = (p for p in scope.get("subprotocols", ()) if p.startswith(_OFFERED))
    return str(next(offered, "")).removeprefix(_OFFERED)


def person_with_token(token: str) -> Person | None:
    """Whose session this is; None if it is nobody's, or over."""
    found = authenticate_by_x_session_token(token) if token else None
    user = found[0] if found else None
    return getattr(user, "person", None) if isinstance(user, User) else None


async def person_for_scope(scope: Mapping[str, Any]) -> Person | None:
    """The signed-in person of a WebSocket or a lean handler's scope, or None."""
    token = token_in(scope)
    if not token:
        return None
    found: Person | None = await database_sync_to_async(person_with_token)(token)
    return found
