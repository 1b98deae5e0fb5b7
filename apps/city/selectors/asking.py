"""Questions of several statements, written once, asked through Django or the lean door's pool.

A question is a generator: it yields statements, is sent their rows and returns its answer. It knows
nothing of connections, so the assistant asks it in a thread and a hot path asks it in the loop.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from django.db import connection
from psycopg.rows import dict_row

from apps.base.hot import pool

Row = dict[str, Any]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    parameters: Mapping[str, Any]


Question = Generator[Statement, list[Row], Answer]


def ask(question: Question[Answer]) -> Answer:
    """Ask through Django's connection of this thread."""
    rows: list[Row] | None = None
    with connection.cursor() as cursor:
        while True:
            try:
                statement = next(question) if rows is None else question.send(rows)
            except StopIteration as end:
                answer: Answer = end.value
                return answer
            cursor.execute(statement.sql, statement.parameters)
            names = [column.name for column in cursor.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


async def ask_hot(question: Question[Answer]) -> Answer:
    """Ask through the lean door's pool."""
    rows: list[Row] | None = None
    connections = await pool()
    async with connections.connection() as own, own.cursor(row_factory=dict_row) as cursor:
        while True:
            try:
                statement = next(question) if rows is None else question.send(rows)
            except StopIteration as end:
                answer: Answer = end.value
                return answer
            await cursor.execute(statement.sql, statement.parameters)
            rows = await cursor.fetchall()


def names_in(value: Any) -> dict[str, str]:
    """A names column: Django's connections hand out JSON as text, others as a dict."""
    if isinstance(value, str):
        return msgspec.json.decode(value, type=dict[str, str])
    return dict(value or {})
