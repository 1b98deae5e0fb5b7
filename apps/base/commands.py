"""Command keys: the same command twice has one effect and one answer.

The key and the effect commit together, in the service, so that REST, chat, phone and admin are
equally safe to repeat. Semantics follow the IETF draft "The Idempotency-Key HTTP Header Field".
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.models import CommandKey
from apps.base.problems import Invalid, Problem

Json = dict[str, Any]


class KeyReused(Problem):
    slug, status = "command-key-reused", 422
    title = _("This command key was already used for something else.")


def fingerprint(request: Mapping[str, Any]) -> str:
    """SHA-256 of the request's canonical JSON (sorted keys)."""
    return hashlib.sha256(msgspec.json.encode(request, order="sorted", enc_hook=str)).hexdigest()


def run_once(
    *, key: str | None, actor: str, command: str, request: Mapping[str, Any], do: Callable[[], Json]
) -> Json:
    """Carry out `do` at most once per (actor, command, key) and return its JSON outcome.

    A repetition waits for the first to end and returns its outcome; without a key `do` just runs
    in a transaction. An exception leaves no trace, so the caller may try again.

    Raises:
        KeyReused: the key came before with another request.
        Invalid: the key is longer than 200 characters.
    """
    with transaction.atomic():
        if not key:
            return do()
        if len(key) > 200:
            raise Invalid(errors={"Idempotency-Key": _("At most 200 characters.")})
        print_ = fingerprint(request)
        claimed = _claim(key=key, actor=actor, command=command, print_=print_)
        if claimed is None:
            return _outcome_of(
                CommandKey.objects.get(actor=actor, command=command, key=key), print_
            )
        outcome = do()
        CommandKey.objects.filter(pk=claimed).update(outcome=outcome)
        return outcome


_CLAIM = """
INSERT INTO base_commandkey (actor, command, key, fingerprint, created_at)
VALUES (%s, %s, %s, %s, %s) ON CONFLICT (actor, command, key) DO NOTHING RETURNING id
"""


def _claim(*, key: str, actor: str, command: str, print_: str) -> int | None:
    """Insert the key's row and return its number, or wait for whoever holds it: None."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [actor, command, key, print_, clock.now()])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _outcome_of(row: CommandKey, print_: str) -> Json:
    if row.fingerprint != print_:
        raise KeyReused
    assert row.outcome is not None, "key and outcome commit together"
    return dict(row.outcome)
