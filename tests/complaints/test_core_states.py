"""The table of moves, as a table."""

import pytest

from apps.complaints.core.states import (
    CLOSED,
    MOVES,
    OPEN,
    MoveRefused,
    Needs,
    State,
    Who,
    check_move,
    ways_from,
)


def test_every_state_is_reached_and_every_open_one_is_left() -> None:
    reached = {after for _before, after in MOVES} | {State.RECEIVED}
    left = {before for before, _after in MOVES}
    assert reached == set(State)
    assert left >= OPEN


def test_nothing_leaves_anonymity() -> None:
    assert not [after for before, after in MOVES if before is State.ANONYMISED]


@pytest.mark.parametrize("state", sorted(OPEN))
def test_the_reporter_may_withdraw_whatever_is_open(state: State) -> None:
    check_move(state, State.WITHDRAWN, who=Who.CITIZEN, given=())


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_nothing_closed_is_withdrawn(state: State) -> None:
    with pytest.raises(MoveRefused):
        check_move(state, State.WITHDRAWN, who=Who.CITIZEN, given=())


@pytest.mark.parametrize(
    ("before", "after", "who", "missing"),
    [
        (State.ASSIGNED, State.RESOLVED, Who.STAFF, {Needs.PUBLIC_NOTE}),
        (State.ASSIGNED, State.REJECTION_PROPOSED, Who.STAFF, {Needs.PUBLIC_NOTE, Needs.REASON}),
        (State.NEEDS_LOCATION, State.RECEIVED, Who.CITIZEN, {Needs.LOCATION}),
        (State.RECEIVED, State.DUPLICATE, Who.STAFF, {Needs.ORIGINAL}),
        (State.RESOLVED, State.REOPENED, Who.CITIZEN, {Needs.REASON}),
    ],
)
def test_what_must_come_with_a_move_is_named(
    before: State, after: State, who: Who, missing: set[Needs]
) -> None:
    with pytest.raises(MoveRefused) as refused:
        check_move(before, after, who=who, given=())
    assert set(refused.value.missing) == missing


@pytest.mark.parametrize(
    ("before", "after", "who"),
    [
        (State.RECEIVED, State.RESOLVED, Who.CITIZEN),
        (State.ASSIGNED, State.REJECTED, Who.STAFF),
        (State.REJECTION_PROPOSED, State.REJECTED, Who.STAFF),
        (State.RESOLVED, State.ASSIGNED, Who.STAFF),
    ],
)
def test_moves_of_others_are_refused(before: State, after: State, who: Who) -> None:
    with pytest.raises(MoveRefused):
        check_move(before, after, who=who, given=Needs)


def test_ways_are_those_of_the_table() -> None:
    ways = ways_from(State.RESOLVED, who=Who.STAFF)
    assert ways == [State.REOPENED]
