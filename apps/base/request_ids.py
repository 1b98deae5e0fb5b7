"""The id that follows one request from web to task to message, kept in a context variable."""

import logging
import re
import secrets
from contextvars import ContextVar

_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="-")


def current() -> str:
    return _current.get()


def new() -> str:
    return secrets.token_hex(8)


def use(request_id: str) -> None:
    _current.set(request_id)


def accept(offered: str | None) -> str:
    """Return the caller's id if it is a harmless token, else a new one."""
    return offered if offered and _ACCEPTED.fullmatch(offered) else new()


class RequestIdFilter(logging.Filter):
    """Puts the id on every log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current()
        return True
