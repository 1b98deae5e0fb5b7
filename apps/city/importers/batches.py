"""Rows on their way into PostgreSQL by binary COPY, some thousands at a time."""

import struct
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import msgspec
from psycopg import sql
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.types.json import set_json_dumps

ROWS_PER_COPY = 5_000


class Ewkb(bytes):
    """A geometry in PostGIS' extended well-known binary form."""


class _EwkbDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Any) -> bytes:
        return bytes(obj)


class _BigintsDumper(Dumper):
    """A one-dimensional bigint[]; psycopg's own goes number by number, five times slower.

    Layout (array_recv in PostgreSQL's source): dimensions, null flag, element type, length, lower
    bound, then each element behind its size.
    """

    format = Format.BINARY
    oid = 1016
    _SIZE, _ELEMENT = 8, 20

    def dump(self, obj: Any) -> bytes:
        if not obj:
            return struct.pack(">iii", 0, 0, self._ELEMENT)
        body = [part for number in obj for part in (self._SIZE, number)]
        return struct.pack(">iiiii" + "iq" * len(obj), 1, 0, self._ELEMENT, len(obj), 1, *body)


class Batch:
    """Collects rows of one table and copies them when there are enough."""

    def __init__(self, cursor: Any, table: str, columns: dict[str, str]) -> None:
        self.count = 0
        self._cursor = cursor
        self._types = [_type_oid(cursor, name) for name in columns.values()]
        self._statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        self._rows: list[Sequence[Any]] = []

    def add(self, *row: Any) -> None:
        self._rows.append(row)
        if len(self._rows) >= ROWS_PER_COPY:
            self.flush()

    def flush(self) -> None:
        if not self._rows:
            return
        with self._cursor.copy(self._statement) as copy:
            copy.set_types(self._types)
            for row in self._rows:
                copy.write_row(row)
        self.count += len(self._rows)
        self._rows.clear()


class Batches:
    """All tables one import writes; leaving the block without an error flushes them."""

    def __init__(self, cursor: Any, tables: dict[str, dict[str, str]]) -> None:
        cursor.adapters.register_dumper(Ewkb, _dumper_for(cursor))
        cursor.adapters.register_dumper(list, _BigintsDumper)
        set_json_dumps(msgspec.json.encode, cursor)
        self._batches = {name: Batch(cursor, name, columns) for name, columns in tables.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            for batch in self._batches.values():
                batch.flush()

    def __getitem__(self, table: str) -> Batch:
        return self._batches[table]

    def counts(self) -> dict[str, int]:
        return {table: batch.count for table, batch in self._batches.items()}


def _type_oid(cursor: Any, name: str) -> int:
    cursor.execute("SELECT %s::regtype::oid", [name])
    return int(cursor.fetchone()[0])


def _dumper_for(cursor: Any) -> type[Dumper]:
    """PostGIS' type numbers differ from database to database."""
    return type("EwkbDumper", (_EwkbDumper,), {"oid": _type_oid(cursor, "geometry")})
