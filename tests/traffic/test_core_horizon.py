"""The rolling horizon on junctions small enough to work out by hand."""

import numpy as np
import pytest

from apps.traffic.core import horizon
from apps.traffic.core.horizon import HORIZON_S, Seen, Signals

TWO = Signals(
    flow=np.array([[0.5, 0.0], [0.0, 0.5]]),
    change_s=np.array([[0.0, 5.0], [5.0, 0.0]]),
    least_s=np.array([6.0, 6.0]),
)


def seen(queue: tuple[float, float], *, green_s: float = 20, **more: object) -> Seen:
    arrivals = np.zeros((2, HORIZON_S))
    for m, etas in more.get("etas", {}).items():  # type: ignore[attr-defined]
        arrivals[m] = horizon.spread(etas)
    return Seen(
        stage=0, green_s=green_s, queue=np.array(queue, dtype=float), arrivals=arrivals,
        room=np.array(more.get("room", (100, 100)), dtype=float),
        weight=np.array(more.get("weight", (1, 1)), dtype=float),
    )  # fmt: skip


def test_it_goes_where_cars_stand_when_nobody_comes_here() -> None:
    assert horizon.wish(TWO, seen((0, 4))).stage == 1


def test_it_stays_until_the_queue_has_gone() -> None:
    assert horizon.wish(TWO, seen((8, 2))).stage == 0


def test_it_waits_for_a_platoon_that_is_about_to_arrive() -> None:
    platoon = {0: [1, 2, 3, 4, 5, 6]}
    assert horizon.wish(TWO, seen((0, 1), etas=platoon)).stage == 0
    assert horizon.wish(TWO, seen((0, 1))).stage == 1


def test_it_keeps_the_least_green() -> None:
    assert horizon.wish(TWO, seen((0, 9), green_s=2)).stage == 0


def test_a_bus_counts_for_its_riders() -> None:
    assert horizon.wish(TWO, seen((4, 1))).stage == 0
    assert horizon.wish(TWO, seen((4, 1), weight=(1, 30))).stage == 1


def test_it_gives_no_green_into_a_full_exit() -> None:
    assert horizon.wish(TWO, seen((3, 9), room=(100, 0))).stage == 0


def test_it_says_what_staying_would_have_cost() -> None:
    wish = horizon.wish(TWO, seen((0, 6)))
    assert wish.cost < wish.cost_of_staying


def test_without_arrivals_the_longer_queue_pulls() -> None:
    assert horizon.pressure_wish(TWO, seen((2, 9))).stage == 1
    assert horizon.pressure_wish(TWO, seen((8, 9))).stage == 0
    assert horizon.pressure_wish(TWO, seen((0, 9), green_s=1)).stage == 0


def test_arrivals_beyond_the_horizon_are_not_counted() -> None:
    assert horizon.spread([0.2, 3.9, 60.0, -1.0]).sum() == 2


def test_it_refuses_tables_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="different stages"):
        Signals(TWO.flow, TWO.change_s, np.array([6.0]))
