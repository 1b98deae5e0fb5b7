"""What apps of the demo town's people carry: a session, and the public API behind it."""

import http.client
import json
import uuid
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from apps.accounts.models import User

TIMEOUT_S = 20


class Said(Exception):
    """The city's no: its status and its problem document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status}: {problem.get('detail', '')}")
        self.status, self.problem = status, problem


def session_token(user: User) -> str:
    """A session as a sign-in leaves one; people of the demo town have no mailboxes to read."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


@dataclass(eq=False)
class Phone:
    """Calls the public API as one person; keeps one connection."""

    url: str
    token: str
    _link: http.client.HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str) -> Any:
        return self._call("GET", path)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        return self._call("POST", path, {} if body is None else body, key=key or str(uuid.uuid4()))

    def _call(self, method: str, path: str, body: Any = None, *, key: str = "") -> Any:
        """Raises Said, OSError."""
        try:
            return self._once(method, path, body, key)
        except (OSError, http.client.HTTPException):
            self.close()  # the server closed an idle connection: once more
            return self._once(method, path, body, key)

    def _once(self, method: str, path: str, body: Any, key: str) -> Any:
        headers = {"X-Session-Token": self.token, "Accept-Language": "en"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        link = self._open()
        link.request(method, path, None if body is None else json.dumps(body), headers)
        answer = link.getresponse()
        content = answer.read()
        told = json.loads(content) if content else {}
        if answer.status >= 400:
            raise Said(answer.status, told)
        return told

    def _open(self) -> http.client.HTTPConnection:
        if self._link is None:
            parts = urlsplit(self.url)
            host = parts.hostname or "localhost"
            self._link = http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_S)
        return self._link

    def close(self) -> None:
        if self._link is not None:
            self._link.close()
        self._link = None
