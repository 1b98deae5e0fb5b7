"""Connections of threads that live longer than a request."""

from django.db import DatabaseError, connection


def give_back() -> None:
    """The connection goes back to the pool, or away if it is broken."""
    try:
        connection.close()
    except DatabaseError:
        connection.connection = None
