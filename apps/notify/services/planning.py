"""From whom to tell to chunks: registrations in one statement, persons by the transports' ranks."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection

from apps.accounts.models import Person
from apps.base import clock
from apps.city.models import founded
from apps.notify.core.messages import Lane, pick_language
from apps.notify.core.quiet import quiet_until
from apps.notify.models import Chunk, Reach, Registration, Telling
from apps.notify.selectors.audiences import PLACES_IN_AREA, Audience
from apps.notify.services.transports import person_transports

INBOX = "inbox"
TOPICS = "fcm_topic"
VOICE = "voice"

_OF_PERSON = """
    SELECT id, transport, locale {more} FROM notify_registration
    WHERE person_id = %(person)s AND ended_at IS NULL
"""
# Most are found by their cell, each once; only the few others have to be told apart.
_OF_AUDIENCE = """
    SELECT id, transport, locale {more} FROM notify_registration
    WHERE cell = ANY(%(cells)s) AND cell IS NOT NULL AND ended_at IS NULL
    UNION ALL
    SELECT * FROM (
        SELECT r.id, r.transport, r.locale {more} FROM places
        JOIN notify_registration r ON r.id = places.registration_id
        WHERE r.ended_at IS NULL AND (r.cell = ANY(%(cells)s)) IS NOT TRUE
        UNION
        SELECT r.id, r.transport, r.locale {more} FROM places
        JOIN notify_registration r ON r.person_id = places.person_id
        WHERE r.ended_at IS NULL AND (r.cell = ANY(%(cells)s)) IS NOT TRUE
        {told}
    ) others
"""
_TOLD_BEFORE = """
    UNION
    SELECT r.id, r.transport, r.locale {more} FROM notify_telling before
    JOIN notify_chunk c ON c.telling_id = before.id
    CROSS JOIN unnest(c.recipients) AS pk
    JOIN notify_registration r
      ON r.id = pk AND r.transport = c.transport AND r.ended_at IS NULL
    WHERE before.cause = %(told)s AND before.id <> %(telling)s
      AND (r.cell = ANY(%(cells)s)) IS NOT TRUE
"""
# Those within their quiet hours form chunks of their own, due when the hours end.
_HEEDED = ", quiet_from, quiet_to, muted"
_WAKES = """
    CASE WHEN quiet_from <= quiet_to AND quiet_from <= %(local)s AND %(local)s < quiet_to
           OR quiet_from > quiet_to AND (%(local)s >= quiet_from OR %(local)s < quiet_to)
         THEN (%(today)s::date + quiet_to
               + CASE WHEN quiet_to <= %(local)s THEN interval '1 day' ELSE interval '0' END)
              AT TIME ZONE %(zone)s
         ELSE %(now)s END
"""
# People are many and locales few: a language is worked out for a whole part, not for everybody.
# Parts are cut before they are numbered, or each number would carry everybody along.
_CHUNKS = """
    WITH {places} hit AS ({hit}),
    alike AS (
        SELECT transport, locale, {wakes} AS due_at, array_agg(id) AS ids
        FROM hit WHERE transport <> 'live' {unmuted} GROUP BY transport, locale, due_at
    ),
    cut AS MATERIALIZED (
        SELECT transport, split_part(locale, '-', 1) AS language, due_at,
               ids[first : first + %(size)s - 1] AS recipients
        FROM alike CROSS JOIN generate_series(1, cardinality(ids), %(size)s) AS first
    ),
    written AS (
        INSERT INTO notify_chunk (telling_id, transport, language, number, lane, recipients,
                                  settled, accepted, failed, attempts, due_at)
        SELECT %(telling)s, transport,
               CASE WHEN language = ANY(%(languages)s) THEN language ELSE %(fallback)s END,
               row_number() OVER (), %(lane)s, recipients, ''::bytea, 0, 0, 0, due_at
        FROM cut
        RETURNING cardinality(recipients) AS size
    )
    SELECT coalesce(sum(size), 0) FROM written
"""


def plan_person(telling: Telling, person: Person) -> int:
    """Every app of theirs and their inbox; where there is no app, the next best way."""
    planned = _write_registrations(telling, _OF_PERSON, {"person": person.pk})
    if telling.rings and planned:
        assign_persons(telling, {person.pk}, only=(VOICE,))
    return planned + plan_persons(telling, [person.pk])


def plan_audience(telling: Telling, audience: Audience) -> int:
    asked = audience.parameters()
    hit = _OF_AUDIENCE.replace("{told}", _TOLD_BEFORE if audience.and_told else "")
    planned = _write_registrations(telling, hit, asked, places=PLACES_IN_AREA)
    persons = _persons_with_places(asked) | _persons_told(audience.and_told)
    planned += plan_persons(telling, persons)
    for language in telling.contents if audience.broadcast else ():
        _write_chunks(telling, TOPICS, language, audience.topics())
    return planned


def plan_persons(telling: Telling, persons: Iterable[int]) -> int:
    """The inbox for all of them; for those without an app, the transport with the least rank."""
    everybody = set(persons)
    if not everybody:
        return 0
    _write_by_language(telling, INBOX, everybody)
    with_app = Registration.objects.live().filter(person__in=everybody)
    return assign_persons(telling, everybody - set(with_app.values_list("person", flat=True)))


def assign_persons(telling: Telling, persons: set[int], *, only: Collection[str] = ()) -> int:
    """Give each to the first transport that reaches them. Returns how many found one."""
    waiting = set(persons)
    for kind, transport in person_transports(critical=telling.critical):
        if kind == INBOX or not waiting or (only and kind not in only):
            continue
        reached = transport.reachable(waiting, telling)
        _write_by_language(telling, kind, reached)
        waiting -= reached
    return len(persons) - len(waiting)


def write_chunk(telling: Telling, kind: str, recipient: int) -> int:
    """One recipient that only the transport knows, due at once. Returns how many that is."""
    Chunk.objects.create(
        telling=telling, transport=kind, language=pick_language(telling.contents, ""), number=1,
        lane=telling.lane, recipients=[recipient], due_at=clock.now(),
    )  # fmt: skip
    return 1


def _write_by_language(telling: Telling, kind: str, persons: set[int]) -> None:
    by_language: dict[str, list[int]] = {}
    rows = Person.objects.filter(pk__in=persons).order_by("pk").values_list("pk", "locale")
    for pk, locale in rows:
        by_language.setdefault(pick_language(telling.contents, locale), []).append(pk)
    for language, members in by_language.items():
        _write_chunks(telling, kind, language, members)


def _write_chunks(telling: Telling, kind: str, language: str, recipients: list[int]) -> None:
    first = telling.chunks.filter(transport=kind).count() + 1
    parts = [recipients[i : i + Chunk.SIZE] for i in range(0, len(recipients), Chunk.SIZE)]
    due_at = _due_at(telling, kind, recipients)
    Chunk.objects.bulk_create(
        [
            Chunk(
                telling=telling, transport=kind, language=language, number=first + i,
                lane=telling.lane, recipients=part, due_at=due_at,
            )
            for i, part in enumerate(parts)
        ]
    )  # fmt: skip


def _due_at(telling: Telling, kind: str, recipients: list[int]) -> Any:
    """A message to one person waits for the end of their quiet hours, but for the silent inbox."""
    now = clock.now()
    if telling.critical or telling.lane == Lane.LIFE_SAFETY or kind == INBOX:
        return now
    city = founded().first()
    one = recipients[0] if len(recipients) == 1 else None
    reach = Reach.objects.filter(person=one).first()
    if city is None or reach is None:
        return now
    return quiet_until(now, reach.quiet_from, reach.quiet_to, city.zone)


def _persons_told(cause: str) -> set[int]:
    if not cause:
        return set()
    chunks = Chunk.objects.filter(telling__cause=cause, transport=INBOX)
    return {pk for recipients in chunks.values_list("recipients", flat=True) for pk in recipients}


def _persons_with_places(asked: Mapping[str, Any]) -> set[int]:
    sql = f"SELECT DISTINCT person_id FROM ({PLACES_IN_AREA}) p WHERE person_id IS NOT NULL"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return {row[0] for row in cursor.fetchall()}


def _write_registrations(
    telling: Telling, hit: str, asked: Mapping[str, Any], *, places: str = ""
) -> int:
    """All chunks of all registrations by one statement. Returns how many recipients they hold."""
    heeds = not telling.critical
    sql = _CHUNKS.format(
        places=f"places AS MATERIALIZED ({places})," if places else "",
        hit=hit.format(more=_HEEDED if heeds else ""),
        wakes=_WAKES if heeds else "%(now)s::timestamptz",
        unmuted="AND NOT %(category)s = ANY(muted)" if heeds else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {**asked, **_of_telling(telling)})
        return int(cursor.fetchone()[0])


def _of_telling(telling: Telling) -> dict[str, Any]:
    now = clock.now()
    city = founded().first()
    zone = city.time_zone if city else "UTC"
    local = now.astimezone(city.zone) if city else now
    return {
        "telling": telling.pk,
        "lane": int(telling.lane),
        "category": telling.category,
        "languages": list(telling.contents),
        "fallback": pick_language(telling.contents, ""),
        "size": Chunk.SIZE,
        "now": now,
        "local": local.time(),
        "today": local.date(),
        "zone": zone,
    }
