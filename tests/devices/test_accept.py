"""What becomes of a batch, whatever door it came through."""

import random
from datetime import timedelta
from typing import Any

import pytest

from apps.base import clock
from apps.base.clock import Hand
from apps.base.models import Work
from apps.base.work import sweep
from devices.events import Arrivals, Receiver, receivers
from devices.ingest.accept import ForeignDatastream
from devices.ingest.consequences import BACKLOG
from devices.models import LastObservation, Observation, Quarantine, Thing
from tests.devices.conftest import Post, row


def results(post: Post, code: str = "river.level") -> list[float]:
    rows = Observation.objects.filter(datastream=post.stream(code)).order_by("phenomenon_at")
    return list(rows.values_list("result", flat=True))


def last(post: Post, code: str = "river.level") -> float:
    return LastObservation.objects.get(datastream=post.stream(code)).result


def test_it_stores_a_batch_and_says_so(post: Post) -> None:
    receipt = post.send(row(120, ago_s=60), row(130))

    assert (receipt.received, receipt.stored, receipt.duplicate) == (2, 2, 0)
    assert receipt.quarantined == []
    assert results(post) == [120, 130]


def test_a_repeated_batch_changes_nothing(post: Post) -> None:
    rows = [row(120, ago_s=60), row(130), row("soaked", ago_s=5)]
    post.send(*rows)

    again = post.send(*rows)

    assert (again.received, again.stored, again.duplicate) == (3, 0, 2)
    assert [one.code for one in again.quarantined] == ["not_a_number"]
    assert results(post) == [120, 130]
    assert Quarantine.objects.count() == 1


def test_a_row_given_twice_in_one_batch_is_stored_once(post: Post) -> None:
    receipt = post.send(row(120), row(120))

    assert (receipt.stored, receipt.duplicate) == (1, 1)


def test_another_value_for_the_same_instant_is_a_conflict(post: Post) -> None:
    post.send(row(120))

    receipt = post.send(row(125))

    assert (receipt.stored, receipt.duplicate) == (0, 0)
    assert receipt.quarantined[0].code == "conflict"
    assert "120" in receipt.quarantined[0].detail
    assert results(post) == [120]


def test_two_values_for_one_instant_in_one_batch_keep_the_first(post: Post) -> None:
    receipt = post.send(row(120), row(125))

    assert [(one.i, one.code) for one in receipt.quarantined] == [(1, "conflict")]
    assert results(post) == [120]


def test_the_last_value_only_moves_forward(post: Post) -> None:
    post.send(row(130))
    post.send(row(110, ago_s=600))

    assert last(post) == 130
    assert results(post) == [110, 130]


@pytest.mark.parametrize("rows", [1, 7, 1999, 2000, 4500])
def test_small_and_large_batches_take_the_same_way(post: Post, rows: int) -> None:
    sent = [row(n % 100, ago_s=n) for n in range(rows)]

    first, again = post.send(*sent), post.send(*sent)

    assert (first.stored, again.duplicate) == (rows, rows)
    assert len(results(post)) == rows
    assert last(post) == 0


def test_any_order_and_any_repetition_gives_the_same_rows(post: Post) -> None:
    sent = [row(n, ago_s=10 * n) for n in range(20)]
    shuffled = random.Random(7).sample(sent * 3, 60)
    for start in range(0, 60, 7):
        post.send(*shuffled[start : start + 7])

    assert results(post) == list(range(19, -1, -1))
    assert last(post) == 0


BAD_ROWS: list[tuple[str, Any]] = [
    ("unknown_datastream", lambda: row(1, of="river.colour")),
    ("not_a_number", lambda: row(float("nan"))),
    ("not_a_number", lambda: row(float("inf"))),
    ("not_a_number", lambda: row("12")),
    ("not_a_number", lambda: row(None)),
    ("below_range", lambda: row(-51)),
    ("above_range", lambda: row(901)),
    ("in_future", lambda: row(100, ago_s=-121)),
    ("too_old", lambda: row(100, ago_s=31 * 86_400)),
    ("wrong_unit", lambda: row(100, unit="K")),
    ("wrong_unit", lambda: row(100, unit="cubits")),
    ("no_time_zone", lambda: row(1) | {"phenomenonTime": "2026-11-22T03:00:00"}),
    ("malformed", lambda: row(1) | {"phenomenonTime": "yesterday"}),
    ("malformed", lambda: {"result": 1}),
    ("malformed", lambda: ["river.level", 1]),
    ("malformed", lambda: None),
    ("unknown_datastream", lambda: row(1, of="a\0b\ud800")),
]


@pytest.mark.parametrize(("code", "bad"), BAD_ROWS)
def test_it_keeps_a_bad_row_apart_with_the_reason_and_stores_the_good(
    post: Post, code: str, bad: Any
) -> None:
    receipt = post.send(row(120, ago_s=60), bad(), row(130))

    assert [(one.i, one.code) for one in receipt.quarantined] == [(1, code)]
    assert receipt.received == receipt.stored + receipt.duplicate + len(receipt.quarantined)
    assert results(post) == [120, 130]
    assert Quarantine.objects.get().code == code


def test_a_little_ahead_of_the_clock_is_no_future(post: Post) -> None:
    assert post.send(row(100, ago_s=-119)).stored == 1


def test_it_converts_a_unit_that_measures_the_same(post: Post) -> None:
    post.send(row(1.2, unit="m"))

    assert last(post) == pytest.approx(120)


def test_speaking_for_a_strangers_datastream_is_refused_whole(post: Post, stranger: Thing) -> None:
    with pytest.raises(ForeignDatastream):
        post.send(row(120), row(1, of="mill.level"))

    assert results(post) == []


def test_a_change_of_the_catalogue_is_seen_by_the_next_batch(post: Post) -> None:
    post.send(row(120, ago_s=60))
    stream = post.stream("river.level")
    stream.high = 100
    stream.save(update_fields=["high"])

    assert post.send(row(120)).quarantined[0].code == "above_range"


def test_a_retired_datastream_is_refused(post: Post) -> None:
    stream = post.stream("river.level")
    stream.retired_at = clock.now()
    stream.save(update_fields=["retired_at"])

    assert post.send(row(120)).quarantined[0].code == "retired"


# ---------------------------------------------------------------- receivers

heard: list[Arrivals] = []


def _hear(arrivals: Arrivals) -> None:
    heard.append(arrivals)


def _stumble(arrivals: Arrivals) -> None:
    Quarantine.objects.all().delete()
    raise RuntimeError("the receiver stumbles")


LISTENING = Receiver(frozenset({"test_level"}), _hear)
STUMBLING = Receiver(frozenset({"test_level"}), _stumble)


@pytest.fixture(autouse=True)
def _only_our_receivers(monkeypatch: pytest.MonkeyPatch) -> None:
    heard.clear()
    monkeypatch.setattr(receivers, "_paths", {})
    monkeypatch.setattr(receivers, "_loaded", {})


def listen(name: str) -> None:
    receivers.add(name, f"{__name__}.{name.upper()}")


def test_receivers_get_what_is_new_in_the_unit_of_the_property(post: Post) -> None:
    listen("listening")
    post.send(row(120, ago_s=60), row(1, of="lamp.on"))
    post.send(row(120, ago_s=60), row(150), row(90, ago_s=90))

    assert [list(arrivals.values) for arrivals in heard] == [[1.2], [0.9, 1.5]]
    assert list(heard[1].newest().values) == [1.5]


def test_a_receiver_that_fails_leaves_work_and_the_batch_stands(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    listen("stumbling")
    receipt = post.send(row(120), row("soaked"))

    assert receipt.stored == 1
    assert Quarantine.objects.count() == 1, "what the receiver did is undone"
    assert Work.objects.get(kind=BACKLOG).payload["receiver"] == "stumbling"
    assert "the receiver stumbles" in caplog.text


def test_the_work_left_behind_gives_the_receiver_its_rows_again(
    post: Post, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen("stumbling")
    post.send(row(120), row(110, ago_s=60))
    monkeypatch.setattr(receivers, "_loaded", {"stumbling": LISTENING})

    Work.objects.exclude(kind=BACKLOG).delete()  # no broker is told of the gateway here
    hand.move(timedelta(seconds=1))
    sweep()

    assert list(heard[0].values) == pytest.approx([1.1, 1.2])
    assert Work.objects.get(kind=BACKLOG).state == Work.State.DONE
