"""What is in the way: one fact, told once, moved by a table."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString, Point
from django.db import connection, transaction

from apps.base import audit, clock, live
from apps.base.clock import Hand
from apps.base.commands import KeyReused
from apps.base.models import AuditEntry
from apps.base.problems import Conflict, Invalid, NotFound
from apps.city.events import obstruction_changed
from apps.city.models import ImportRun, Obstruction
from apps.city.selectors.obstructions import TOPIC, active_at, obstructions_since
from apps.city.services.obstructions import (
    Facts,
    close_expired,
    close_obstruction,
    close_reference,
    confirm_obstruction,
    open_obstruction,
    refuse_obstruction,
    remove_long_closed,
)

HERE = Point(127.2620, 37.4300, srid=4326)
State = Obstruction.State


def _open(reference: str = "gauge-1", **more: Any) -> Obstruction:
    facts = {"kind": "flood", "geom": HERE, **more.pop("facts", {})}
    given = {"source": "gauges", "actor": "gauges", **more}
    return open_obstruction(reference=reference, facts=Facts(**facts), **given)


def test_it_states_the_facts_it_was_told(corner: ImportRun, hand: Hand) -> None:
    made = _open(facts={"depth_m": 0.3, "width_left_m": 1.2, "stops": ["wheels", "car", "wheels"]})
    assert (made.state, made.depth_m, made.width_left_m) == (State.REPORTED, 0.3, 1.2)
    assert made.stops == ["car", "wheels"]
    assert made.valid_from == clock.now()
    assert made.valid_to is None


def test_it_keeps_metres_beside_degrees(corner: ImportRun) -> None:
    line = LineString((127.2620, 37.4300), (127.2620, 37.4310), srid=4326)
    assert _open(facts={"geom": line}).geom_m.length == pytest.approx(111.0, abs=0.5)


def test_the_same_source_and_reference_again_brings_it_up_to_date(
    corner: ImportRun, hand: Hand
) -> None:
    first = _open(facts={"depth_m": 0.1})
    hand.move(timedelta(minutes=5))
    second = _open(facts={"depth_m": 0.4})
    assert second.pk == first.pk
    assert second.depth_m == 0.4
    assert second.version == first.version + 1
    assert second.valid_from == first.valid_from  # it has been there since the first report
    assert AuditEntry.objects.count() == 1  # a new depth is no change of state


def test_another_source_may_use_the_same_reference(corner: ImportRun) -> None:
    _open()
    _open(source="citizens")
    assert Obstruction.objects.count() == 2


def test_a_repeated_report_does_not_take_a_confirmation_back(corner: ImportRun) -> None:
    made = _open()
    confirm_obstruction(code=made.code, actor="park")
    assert _open().state == State.CONFIRMED


MOVES: list[tuple[str, Callable[..., Obstruction], str | type[Exception]]] = [
    (State.REPORTED, confirm_obstruction, State.CONFIRMED),
    (State.REPORTED, close_obstruction, State.CLOSED),
    (State.REPORTED, refuse_obstruction, State.REFUSED),
    (State.CONFIRMED, confirm_obstruction, State.CONFIRMED),
    (State.CONFIRMED, close_obstruction, State.CLOSED),
    (State.CONFIRMED, refuse_obstruction, State.REFUSED),
    (State.CLOSED, close_obstruction, State.CLOSED),
    (State.CLOSED, confirm_obstruction, State.CONFIRMED),
    (State.CLOSED, refuse_obstruction, Conflict),
    (State.REFUSED, confirm_obstruction, State.CONFIRMED),
    (State.REFUSED, close_obstruction, Conflict),
    (State.REFUSED, refuse_obstruction, State.REFUSED),
]


@pytest.mark.parametrize(("before", "move", "after"), MOVES)
def test_it_moves_as_the_table_says(
    corner: ImportRun,
    before: str,
    move: Callable[..., Obstruction],
    after: str | type[Exception],
) -> None:
    made = _open()
    Obstruction.objects.filter(pk=made.pk).update(state=before)
    if isinstance(after, str):
        assert move(code=made.code, actor="park").state == after
    else:
        with pytest.raises(after):
            move(code=made.code, actor="park")


@pytest.mark.parametrize(
    ("before", "confirmed", "after"),
    [
        (State.CLOSED, False, State.REPORTED),
        (State.CLOSED, True, State.CONFIRMED),
        (State.REFUSED, True, State.CONFIRMED),
        (State.REFUSED, False, None),
    ],
)
def test_what_was_over_opens_anew_and_what_was_refused_does_not(
    corner: ImportRun, before: str, confirmed: bool, after: str | None
) -> None:
    made = _open()
    Obstruction.objects.filter(pk=made.pk).update(state=before)
    if after is None:
        with pytest.raises(Conflict):
            _open(confirmed=confirmed)
    else:
        assert _open(confirmed=confirmed).state == after


def test_each_change_of_state_is_audited(corner: ImportRun) -> None:
    made = _open()
    confirm_obstruction(code=made.code, actor="park")
    close_obstruction(code=made.code, actor="park")
    close_obstruction(code=made.code, actor="park")  # nothing changes
    actions = list(AuditEntry.objects.order_by("number").values_list("action", "actor"))
    assert actions == [
        ("city.obstruction.open", "gauges"),
        ("city.obstruction.confirmed", "park"),
        ("city.obstruction.closed", "park"),
    ]
    assert audit.find_break() is None


def test_a_command_key_makes_it_safe_to_repeat(corner: ImportRun) -> None:
    first = _open(key="k1", facts={"depth_m": 0.2})
    again = _open(key="k1", facts={"depth_m": 0.2})
    assert (again.code, again.version) == (first.code, first.version)
    with pytest.raises(KeyReused):
        _open(key="k1", facts={"depth_m": 0.9})


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "dragon"}, "kind"),
        ({"stops": ["unicorns"]}, "stops"),
        ({"certainty": 1.1}, "certainty"),
        ({"depth_m": -0.1}, "depth_m"),
        ({"width_left_m": float("nan")}, "width_left_m"),
        ({"geom": Point(0, 0, srid=4326)}, "geom"),
        ({"geom": Point(37.43, 127.26, srid=4326)}, "geom"),
        ({"geom": GEOSGeometry("POINT EMPTY", srid=4326)}, "geom"),
        ({"valid_to": clock.now() - timedelta(days=1)}, "valid_to"),
    ],
)
def test_it_refuses_facts_that_cannot_be(
    corner: ImportRun, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as error:
        _open(facts=facts)
    assert list(error.value.errors) == [field]
    assert not Obstruction.objects.exists()


def test_an_unknown_code_is_not_found(corner: ImportRun) -> None:
    with pytest.raises(NotFound):
        close_obstruction(code=uuid4(), actor="park")


def test_a_source_closes_what_it_opened_by_its_own_reference(corner: ImportRun) -> None:
    _open()
    closed = close_reference(source="gauges", reference="gauge-1", actor="gauges")
    assert closed is not None
    assert closed.state == State.CLOSED
    assert close_reference(source="gauges", reference="gauge-1", actor="gauges") is None


# ---------------------------------------------------------------- when and since when


@pytest.mark.parametrize(
    ("from_h", "to_h", "state", "active"),
    [
        (-1, None, State.REPORTED, True),
        (-1, None, State.CONFIRMED, True),
        (0, None, State.CONFIRMED, True),
        (1, None, State.CONFIRMED, False),
        (-2, -1, State.CONFIRMED, False),
        (-2, 0, State.CONFIRMED, False),  # it ends now
        (-2, 1, State.CONFIRMED, True),
        (-1, None, State.CLOSED, False),
        (-1, None, State.REFUSED, False),
    ],
)
def test_it_is_in_the_way_while_open_and_in_its_time(
    corner: ImportRun, hand: Hand, from_h: int, to_h: int | None, state: str, active: bool
) -> None:
    now = clock.now()
    made = _open()
    Obstruction.objects.filter(pk=made.pk).update(
        state=state,
        valid_from=now + timedelta(hours=from_h),
        valid_to=None if to_h is None else now + timedelta(hours=to_h),
    )
    assert active_at(now).exists() == active


def test_what_ended_by_itself_is_closed_by_the_sweep(corner: ImportRun, hand: Hand) -> None:
    made = _open(facts={"valid_to": clock.now() + timedelta(hours=1)})
    assert close_expired() == 0
    hand.move(timedelta(hours=1))
    assert close_expired() == 1
    made.refresh_from_db()
    assert made.state == State.CLOSED


def test_what_was_over_long_ago_is_forgotten(corner: ImportRun, hand: Hand) -> None:
    close_obstruction(code=_open("old").code, actor="park")
    _open("still there")
    hand.move(timedelta(days=366))
    close_obstruction(code=_open("new").code, actor="park")
    assert remove_long_closed() == 1
    assert set(Obstruction.objects.values_list("reference", flat=True)) == {"still there", "new"}


@pytest.mark.django_db(transaction=True)
def test_an_overlay_asked_by_version_holds_what_changed_closed_ones_too(
    committed_corner: ImportRun,
) -> None:
    one, _two = _open("one"), _open("two")
    first = obstructions_since()
    assert {row.reference for row in first.rows} == {"one", "two"}
    assert obstructions_since(first.version).rows == []
    close_obstruction(code=one.code, actor="park")
    later = obstructions_since(first.version)
    assert [(row.reference, row.is_open) for row in later.rows] == [("one", False)]
    assert [row.reference for row in obstructions_since().rows] == ["two"]


@pytest.mark.django_db(transaction=True)
def test_an_overlay_misses_nothing_that_was_written_while_it_was_read(
    committed_corner: ImportRun,
) -> None:
    """A transaction that began before the overlay and commits after it comes next time."""
    began, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                _open("slow")
                began.set()
                assert may_commit.wait(10)
        finally:
            connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert began.wait(10)
    overlay = obstructions_since()
    assert overlay.rows == []
    may_commit.set()
    writer.join()
    assert [row.reference for row in obstructions_since(overlay.version).rows] == ["slow"]


# ---------------------------------------------------------------- screens and races


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_and_the_events_make_a_fresh_snapshot(
    committed_corner: ImportRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    deltas: list[dict[str, Any]] = []
    monkeypatch.setattr(live, "_publish", lambda message: deltas.extend(_rows_of(message)))
    kept = _open("kept", facts={"depth_m": 0.1})
    screen = {row["id"]: row for row in live.snapshot(TOPIC).rows}
    closed = _open("closed")
    _open("kept", facts={"depth_m": 0.5})
    close_obstruction(code=closed.code, actor="park")
    for row in reversed(deltas):  # any order
        if row["version"] > screen.get(row["id"], {"version": 0})["version"]:
            screen[row["id"]] = row
    shown = [row for row in screen.values() if not row.get("gone")]
    fresh = live.snapshot(TOPIC).rows
    assert shown == [_as_json(row) for row in fresh]
    assert shown[0]["id"] == str(kept.code)


def _rows_of(message: bytes) -> list[dict[str, Any]]:

    said = msgspec.json.decode(message)
    assert said["topic"] == TOPIC
    return list(said["rows"])


def _as_json(row: dict[str, Any]) -> Any:

    return msgspec.json.decode(msgspec.json.encode(row))


def test_an_unknown_key_of_the_topic_is_refused(corner: ImportRun) -> None:
    with pytest.raises(KeyError):
        live.snapshot("city.obstructions:nowhere")


@pytest.mark.django_db(transaction=True)
def test_it_announces_after_the_commit_and_not_before(committed_corner: ImportRun) -> None:
    heard: list[str] = []

    def hear(code: str, **_: Any) -> None:
        heard.append(code)

    obstruction_changed.connect(hear)
    try:
        with transaction.atomic():
            made = _open()
            assert heard == []
        assert heard == [str(made.code)]
    finally:
        obstruction_changed.disconnect(hear)


def _race(*jobs: Callable[[], Any]) -> list[Any]:
    """Run jobs at once, each with a connection of its own; an exception is its outcome."""
    outcomes: list[Any] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(index: int, job: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            outcomes[index] = job()
        except Exception as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_reports_of_one_thing_at_once_make_one_row(committed_corner: ImportRun) -> None:
    made = _race(*[lambda: _open("same")] * 4)
    assert len({obstruction.code for obstruction in made}) == 1
    row = Obstruction.objects.get()
    assert row.version == 4  # each report was taken in, none was lost
    assert audit.find_break() is None


@pytest.mark.django_db(transaction=True)
def test_of_closing_and_refusing_at_once_one_wins(committed_corner: ImportRun) -> None:
    made = _open()
    outcomes = _race(
        lambda: close_obstruction(code=made.code, actor="park"),
        lambda: refuse_obstruction(code=made.code, actor="kim"),
    )
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
    row = Obstruction.objects.get()
    assert row.version == 2
    assert AuditEntry.objects.filter(subject=f"obstruction:{made.code}").count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_command_key_sent_twice_at_once_has_one_effect(committed_corner: ImportRun) -> None:
    made = _race(*[lambda: _open("keyed", key="same")] * 3)
    assert len({obstruction.code for obstruction in made}) == 1
    assert Obstruction.objects.get().version == 1
