"""Citizens say what is in the way, and others whether it still is: a door onto `city.Obstruction`.

A first report is told to people on their way and closes nothing. Each further person who saw it
makes it surer (two persons close a way, three confirm it); whoever says it is gone makes it less
sure. Words age: a report that nobody repeats loses half its certainty in two days and is closed
when little is left. What is confirmed stays until it is said to be gone, or until its time is over.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Person
from apps.base import clock
from apps.base.commands import run_once
from apps.base.media import keep_photo
from apps.base.problems import Conflict, NotFound
from apps.city.models import Obstruction, the_city
from apps.city.services.obstructions import (
    Facts,
    close_obstruction,
    confirm_obstruction,
    open_obstruction,
)
from apps.navigation.models import ObstacleVoice
from apps.navigation.selectors.routes import check_stops

SOURCE = "citizen"
ACTOR = "citizen"
SIGNED_WEIGHT, ANONYMOUS_WEIGHT = 0.4, 0.2
CONFIRMING_VOICES = 3
HALF_LIFE = timedelta(hours=48)
LEAST_CERTAINTY = 0.1
LONGEST = timedelta(days=30)
REPORTABLE = ("barrier", "road_works", "debris", "ice", "flood", "broken_lift", "crowd", "other")


def report_obstacle(
    *,
    person: Person | None,
    kind: str,
    lon: float,
    lat: float,
    description: str = "",
    width_left_m: float | None = None,
    depth_m: float | None = None,
    stops: tuple[str, ...] = (),
    photo: bytes | None = None,
    key: str | None = None,
) -> Obstruction:
    """Tell of something in the way. Nobody has to sign in; a known person's word weighs more.

    Raises:
        OutsideCity, SwappedCoordinates: the place. Invalid: facts that cannot be.
        TooLarge, UnsupportedMedia: the photo.
    """
    check_stops([(lon, lat)], the_city())
    facts = Facts(
        kind=kind,
        geom=Point(lon, lat, srid=4326),
        description=description,
        width_left_m=width_left_m,
        depth_m=depth_m,
        stops=stops,
        certainty=SIGNED_WEIGHT if person else ANONYMOUS_WEIGHT,
        valid_to=clock.now() + LONGEST,
    )
    request = {"kind": kind, "lon": lon, "lat": lat, "description": description}
    outcome = run_once(
        key=key,
        actor=str(person.code) if person else ACTOR,
        command="navigation.report_obstacle",
        request=request,
        do=lambda: {"code": str(_report(facts, person, photo).code)},
    )
    return Obstruction.objects.get(code=outcome["code"])


def _report(facts: Facts, person: Person | None, photo: bytes | None) -> Obstruction:
    if photo:
        facts = replace(facts, photo=keep_photo(photo))
    row = open_obstruction(source=SOURCE, reference=uuid4().hex, facts=facts, actor=ACTOR)
    ObstacleVoice.objects.create(
        obstruction=row, person=person, says=ObstacleVoice.Says.THERE, at=clock.now()
    )
    return row


@transaction.atomic
def say_of_obstacle(*, person: Person, code: str, says: str) -> Obstruction:
    """A person says that it is there, or gone. The reporter's own "gone" takes it back.

    Raises:
        NotFound: no such report. Conflict: it is over, or staff have judged it.
    """
    row = Obstruction.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise NotFound
    if not row.is_open:
        raise Conflict(_("This is over already."))
    if row.source != SOURCE:
        raise Conflict(_("This was not reported by citizens: staff look after it."))
    ObstacleVoice.objects.update_or_create(
        obstruction=row, person=person, defaults={"says": says, "at": clock.now()}
    )
    return _judge(row, clock.now())


def fade_reports() -> int:
    """Let unrepeated reports lose their certainty; called every ten minutes."""
    rows = Obstruction.objects.filter(source=SOURCE, state=Obstruction.State.REPORTED)
    for row in rows.order_by("pk"):
        with transaction.atomic():
            _judge(row, clock.now())
    return len(rows)


# ---------------------------------------------------------------- inside


def certainty_from(voices: list[ObstacleVoice], now: datetime) -> float:
    """One minus the chance that all who saw it erred; those who say it is gone count against."""
    doubt = 1.0
    denial = 1.0
    for voice in voices:
        fresh = 0.5 ** ((now - voice.at) / HALF_LIFE)
        weight = (SIGNED_WEIGHT if voice.person_id else ANONYMOUS_WEIGHT) * fresh
        if voice.says == ObstacleVoice.Says.THERE:
            doubt *= 1.0 - weight
        else:
            denial *= 1.0 - weight
    return (1.0 - doubt) * denial


def _judge(row: Obstruction, now: datetime) -> Obstruction:
    """What the voices together mean: gone, confirmed, or so and so certain."""
    voices = list(ObstacleVoice.objects.filter(obstruction=row).order_by("pk"))
    gone = [v for v in voices if v.says == ObstacleVoice.Says.GONE]
    there_n = sum(v.person_id is not None for v in voices) - len(gone)
    certainty = certainty_from(voices, now)
    was_taken_back = bool(gone) and not there_n and voices[0] in gone
    if was_taken_back or len(gone) >= 2 or certainty < LEAST_CERTAINTY:
        return close_obstruction(code=row.code, actor=ACTOR)
    if there_n >= CONFIRMING_VOICES and row.state == Obstruction.State.REPORTED:
        return confirm_obstruction(code=row.code, actor=ACTOR, certainty=certainty)
    return _weigh(row, certainty)


def _weigh(row: Obstruction, certainty: float) -> Obstruction:
    """Keep the new certainty, through the city's own door; hundredths are no news."""
    if row.state != Obstruction.State.REPORTED or abs(row.certainty - certainty) < 0.01:
        return row
    facts = Facts(
        kind=row.kind, geom=row.geom, depth_m=row.depth_m, width_left_m=row.width_left_m,
        stops=row.stops, certainty=round(certainty, 3), valid_to=row.valid_to,
        description=row.description, photo=row.photo,
    )  # fmt: skip
    return open_obstruction(source=SOURCE, reference=row.reference, facts=facts, actor=ACTOR)
