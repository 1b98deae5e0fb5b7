"""Reads: a path to rows, rows to documents."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from apps.base.problems import NotFound
from devices.feeds.sensorthings.entities import ENTITIES, Entity, Neighbour
from devices.feeds.sensorthings.expressions import condition, value
from devices.protocols.sensorthings.options import Options
from devices.protocols.sensorthings.paths import Segment
from devices.protocols.sensorthings.syntax import Unsound

MOST_QUESTIONS = 300  # lists that one answer may expand

Document = dict[str, Any]
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Place:
    """Where a path leads: rows of an entity; one of them, or a property of that one."""

    entity: Entity
    rows: Rows
    single: bool
    rest: tuple[str, ...] = ()


def follow(path: Sequence[Segment]) -> Place:
    """Raises NotFound where the path leads nowhere."""
    first, *more = path
    place = _enter(ENTITIES.get(first.name), first)
    for n, segment in enumerate(more):
        if not place.single:
            raise NotFound
        neighbour = place.entity.neighbours.get(segment.name)
        if neighbour is None:
            rest = tuple(part.name for part in more[n:])
            return Place(place.entity, place.rows, single=True, rest=rest)
        target = ENTITIES[neighbour.target]
        rows = neighbour.of(target.rows(), one_of(place))
        if segment.key is not None:
            rows = target.by_key(rows, segment.key)
        place = Place(target, rows, single=not neighbour.many or segment.key is not None)
    return place


def _enter(entity: Entity | None, segment: Segment) -> Place:
    if entity is None:
        raise NotFound
    if segment.key is None:
        return Place(entity, entity.rows(), single=False)
    return Place(entity, entity.by_key(entity.rows(), segment.key), single=True)


def one_of(place: Place) -> Any:
    row = place.rows.first()
    if row is None:
        raise NotFound
    return row


class Reader:
    """Writes documents with links below `root`."""

    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/")
        self._questions = 0

    def service(self) -> Document:
        conformance = "http://www.opengis.net/spec/iot_sensing/1.1/req"
        return {
            "value": [{"name": name, "url": f"{self.root}/{name}"} for name in ENTITIES],
            "serverSettings": {
                "conformance": [
                    f"{conformance}/{part}"
                    for part in (
                        "datamodel", "resource-path", "request-data", "data-array/data-array",
                        "create-observations-via-data-array",
                    )
                ]
            },
        }  # fmt: skip

    def collection(
        self, place: Place, options: Options, *, url: str, query: Mapping[str, str]
    ) -> Document:
        """A page of rows, with the link to the next."""
        rows = _chosen(place.rows, place.entity, options)
        page = list(rows[options.skip : options.skip + options.top + 1])
        count = rows.count() if options.count else None
        document: Document = {} if count is None else {"@iot.count": count}
        if len(page) > options.top > 0:
            following = {**query, "$skip": str(options.skip + options.top)}
            document["@iot.nextLink"] = f"{url}?{urlencode(following)}"
        shown = page[: options.top]
        if options.as_data_array and place.entity.plural == "Observations":
            return document | {"value": self._data_arrays(shown, options)}
        return document | {"value": self.entities(shown, place.entity, options)}

    def entity(self, row: Any, entity: Entity, options: Options) -> Document:
        return self.entities([row], entity, options)[0]

    def entities(self, rows: Sequence[Any], entity: Entity, options: Options) -> list[Document]:
        """Rows as documents, with what was asked to be expanded."""
        documents = [self._document(row, entity, options) for row in rows]
        for name, inner in options.expand:
            expanded = self._expanded(rows, entity, name, inner)
            for document, found in zip(documents, expanded, strict=True):
                document[name] = found
        return documents

    def _document(self, row: Any, entity: Entity, options: Options) -> Document:
        link = self.link(row, entity)
        document: Document = {"@iot.id": entity.key_of(row), "@iot.selfLink": link}
        for name, found in entity.properties.items():
            if "/" not in name:
                document[name] = found.show(row)
        for name in entity.neighbours:
            document[f"{name}@iot.navigationLink"] = f"{link}/{name}"
        return _selected(document, options.select, entity)

    def link(self, row: Any, entity: Entity) -> str:
        key = entity.key_of(row)
        return f"{self.root}/{entity.plural}({repr(key) if isinstance(key, str) else key})"

    def _expanded(
        self, rows: Sequence[Any], entity: Entity, name: str, options: Options
    ) -> list[Any]:
        """What hangs on each of the rows by one name."""
        neighbour = entity.neighbours.get(name)
        if neighbour is None:
            raise Unsound(f"{entity.plural} cannot expand {name}.")
        groups = self._related(rows, neighbour, options)
        found = [one for group in groups for one in group]
        documents = iter(self.entities(found, ENTITIES[neighbour.target], options))
        parts = [[next(documents) for _one in group] for group in groups]
        return parts if neighbour.many else [part[0] if part else None for part in parts]

    def _related(
        self, rows: Sequence[Any], neighbour: Neighbour, options: Options
    ) -> list[list[Any]]:
        """The neighbours of each row: by one question for all rows where that is quick."""
        target = ENTITIES[neighbour.target]
        if neighbour.key is not None:
            keys = [neighbour.key(row) for row in rows]
            found = {one.pk: one for one in _chosen(target.rows(), target, options, keys)}
            return [[found[key]] if key in found else [] for key in keys]
        self._questions += len(rows)
        if self._questions > MOST_QUESTIONS:
            raise Unsound(f"This expands more than {MOST_QUESTIONS} lists. Ask for a smaller $top.")
        part = slice(options.skip, options.skip + options.top)
        return [
            list(_chosen(neighbour.of(target.rows(), row), target, options)[part]) for row in rows
        ]

    def _data_arrays(self, rows: Sequence[Any], options: Options) -> list[Document]:
        """`$resultFormat=dataArray`: observations in columns, one array a datastream."""
        names = [n for n in ENTITIES["Observations"].properties if _wanted(n, options.select)]
        by_stream: dict[int, list[Any]] = {}
        for row in rows:
            by_stream.setdefault(row.datastream_id, []).append(row)
        return [
            {
                "Datastream@iot.navigationLink": f"{self.root}/Datastreams({stream})",
                "components": ["id", *names],
                "dataArray@iot.count": len(found),
                "dataArray": [self._cells(row, names) for row in found],
            }
            for stream, found in by_stream.items()
        ]

    def _cells(self, row: Any, names: Sequence[str]) -> list[Any]:
        entity = ENTITIES["Observations"]
        return [entity.key_of(row), *(entity.properties[name].show(row) for name in names)]


def _chosen(
    rows: Rows, entity: Entity, options: Options, keys: Collection[Any] | None = None
) -> Rows:
    if keys is not None:
        rows = rows.filter(pk__in={key for key in keys if key is not None})
    if options.filter is not None:
        rows = rows.filter(condition(options.filter, entity)).distinct()
    orders = [
        value(order.expression, entity).desc() if order.descending
        else value(order.expression, entity).asc()
        for order in options.order
    ]  # fmt: skip
    return rows.order_by(*orders, *entity.order)


def _wanted(name: str, select: Sequence[str]) -> bool:
    return not select or name in select


def _selected(document: Document, select: Sequence[str], entity: Entity) -> Document:
    if not select:
        return document
    known = {*entity.properties, *entity.neighbours, "id", "@iot.id"}
    unknown = [name for name in select if name not in known]
    if unknown:
        raise Unsound(f"{entity.plural} have no {unknown[0]}.")
    wanted = {"@iot.id" if name == "id" else name for name in select}
    wanted |= {f"{name}@iot.navigationLink" for name in select}
    return {name: shown for name, shown in document.items() if name in wanted}


def property_of(place: Place) -> Any:
    """The value of `Things(1)/name`. Raises NotFound."""
    found = place.entity.properties.get(place.rest[0])
    if found is None:
        raise NotFound
    shown = found.show(one_of(place))
    for part in place.rest[1:]:
        if part == "$value":
            return shown
        if not isinstance(shown, dict) or part not in shown:
            raise NotFound
        shown = shown[part]
    return shown
