"""The test database: copied from one that stands ready, and emptied quickly.

Making all tables anew takes twenty seconds, and Django empties them by truncating every one and
making its content types anew, which takes another second after each test that commits. Both are
done here in a fraction of that, with the same result.
"""

import os
import subprocess
import sys

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from citizen.demo.scenario import drop_database, url_of
from scripts.environments import PRODUCT_LOCK
from scripts.stamps import fingerprint
from tests.support.environment import servers_are_ours

# Django's own, made with the tables; no test writes them.
KEPT = frozenset({"django_content_type", "auth_permission"})
_LOCK = 20261126


def empty_written_tables() -> None:
    """Rules for rows (append only, foreign keys) don't hold meanwhile: all of them go."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _written_tables():
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def _written_tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted(set(names) - KEPT)
    asked = [sql.SQL("EXISTS (SELECT FROM {})").format(sql.Identifier(name)) for name in tables]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(asked)))
        return [
            table for table, has_rows in zip(tables, cursor.fetchone(), strict=True) if has_rows
        ]


def send_others_away() -> None:
    """End every connection to this database but ours, so that it can be dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def ready_database() -> str | None:
    """The name of a database with all tables and no rows; made once for a state of migrations.

    None on an operator's server, where nothing of ours is left behind.
    """
    if not servers_are_ours():
        return None
    made_from = sorted(
        path for place in (".", "apps") for path in (settings.BASE_DIR / place).glob("*/migrations")
    )
    name = f"ready_{fingerprint([PRODUCT_LOCK, *made_from])[:12]}"
    with psycopg.connect(url_of("postgres"), autocommit=True) as link:
        link.execute("SELECT pg_advisory_lock(%s)", [_LOCK])  # another run may be making it
        found = link.execute("SELECT datname FROM pg_database WHERE datname LIKE 'ready%'")
        others = {str(row[0]) for row in found}
        if name not in others:
            for other in others:
                drop_database(other)
            _make(link, name)
    return name


def _make(link: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    """Under another name until it is complete: we may be interrupted."""
    unfinished = sql.Identifier("ready_soon")
    link.execute(sql.SQL("CREATE DATABASE {}").format(unfinished))
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=settings.BASE_DIR,
        env={**os.environ, "CITIZEN_DATABASE_URL": url_of("ready_soon")}, check=True,
    )  # fmt: skip
    link.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(unfinished, sql.Identifier(name)))
