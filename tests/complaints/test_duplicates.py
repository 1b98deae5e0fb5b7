"""Reports of the same thing are found, merged, and parted again."""

from datetime import timedelta

import pytest

from apps.base.clock import Hand
from apps.base.problems import Conflict, Invalid
from apps.base.work import sweep
from apps.complaints.core.ngrams import signature
from apps.complaints.core.similarity import OFFER_FROM, Report, compare
from apps.complaints.core.states import State, Who
from apps.complaints.models import Link, ServiceRequest
from apps.complaints.services.duplicates import (
    find_similar,
    merge_request,
    sketch_of,
    unmerge_request,
)
from apps.complaints.services.moving import move_request
from apps.complaints.services.photos import take_photo
from apps.notify.models import Telling
from tests.complaints.conftest import Town, metres_east, photo
from tests.conftest import NOON


def report(text: str, *, east_m: float = 0, days: float = 0, service: str = "pavement",
           photos: tuple[int, ...] = ()) -> Report:  # fmt: skip
    return Report(signature(text), NOON + timedelta(days=days), service, "streets", 20, east_m, 0,
                  photos)  # fmt: skip


SAME = "보도 턱이 깨져서 휠체어가 못 지나가요"
LIKE = "여기 보도 턱 깨져 있어요 휠체어 못 지나감"
OTHER = "가게 앞 인도에 입간판이 나와 있습니다"


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (report(SAME), True),
        (report(LIKE, east_m=5, days=1), True),
        (report(LIKE, east_m=400), False),
        (report(OTHER, days=5), False),
        (report(SAME, east_m=10, days=10), True),
    ],
)
def test_place_words_and_time_make_the_likeness(other: Report, is_same: bool) -> None:
    assert (compare(report(SAME), other).score >= OFFER_FROM) is is_same


def test_the_same_photo_lifts_a_doubtful_pair() -> None:
    shown, hidden = (compare(report(SAME, photos=(5,)), report(OTHER, photos=(n,))).score
                     for n in (7, -1))  # fmt: skip
    assert shown > hidden


def test_likeness_is_the_same_both_ways() -> None:
    one, other = report(SAME), report(LIKE, east_m=7, days=2)
    assert compare(one, other) == compare(other, one)


def test_a_repeat_nearby_is_found_and_a_far_one_is_not(town: Town) -> None:
    first = town.file(SAME)
    town.file(SAME, **metres_east(300))
    again = town.file(LIKE, **metres_east(8))

    found = find_similar(sketch_of(again), but=again.pk)

    assert [one.request for one in found] == [first]
    assert found[0].likeness.distance_m == pytest.approx(8, abs=1)


def test_what_was_closed_long_ago_is_another_thing(town: Town, hand: Hand) -> None:
    town.file(SAME)
    hand.move(timedelta(days=120))
    again = town.file(SAME)
    assert find_similar(sketch_of(again), but=again.pk) == []


def test_photos_are_compared(town: Town) -> None:
    first = town.file(SAME, photo_tokens=[take_photo(content=photo()).token])
    again = town.file(SAME, photo_tokens=[take_photo(content=photo(shade=1)).token])
    (found,) = find_similar(sketch_of(again), but=again.pk)
    assert found.request == first
    assert found.likeness.same_photo


@pytest.fixture
def pair(town: Town) -> tuple[ServiceRequest, ServiceRequest]:
    return town.file(SAME, by=town.people.sora), town.file(LIKE, by=town.people.minjun)


def merge(repeat: ServiceRequest, original: ServiceRequest) -> Link:
    return merge_request(request=repeat, original=original, how="staff", actor="officer")


def test_a_merge_closes_the_repeat_and_tells_its_reporter(
    town: Town, pair: tuple[ServiceRequest, ServiceRequest]
) -> None:
    first, again = pair
    merge(again, first)

    again.refresh_from_db()
    assert (again.state, again.duplicate_of) == ("duplicate", first)
    assert Telling.objects.filter(cause=f"complaint:{again.number}").count() == 2


def test_everybody_hears_of_the_end(
    town: Town, pair: tuple[ServiceRequest, ServiceRequest]
) -> None:
    first, again = pair
    merge(again, first)
    move_request(request=first, after=State.RESOLVED, who=Who.STAFF, actor="o", public_note="done")

    told = Telling.objects.filter(cause=f"complaint:{first.number}", key__contains=":resolved:")
    assert told.count() == 2


def test_a_merge_is_taken_back_and_its_row_stays(
    pair: tuple[ServiceRequest, ServiceRequest],
) -> None:
    first, again = pair
    link = merge(again, first)

    parted = unmerge_request(request=again, actor="officer")

    link.refresh_from_db()
    assert (parted.state, parted.duplicate_of, parted.closed_at) == ("received", None, None)
    assert link.undone_by == "officer"
    with pytest.raises(Conflict):
        unmerge_request(request=again, actor="officer")


def test_chains_end_at_their_head(town: Town, pair: tuple[ServiceRequest, ServiceRequest]) -> None:
    first, again = pair
    third = town.file(SAME)
    merge(third, again)
    merge(again, first)

    third.refresh_from_db()
    assert third.duplicate_of == first


def test_nothing_repeats_itself(pair: tuple[ServiceRequest, ServiceRequest]) -> None:
    first, again = pair
    with pytest.raises(Invalid):
        merge(first, first)
    merge(again, first)
    with pytest.raises(Conflict):
        merge(first, again)


def test_the_same_reporter_saying_it_twice_is_merged_by_itself(town: Town) -> None:
    first = town.file(SAME, by=town.people.minjun)
    again = town.file(SAME, by=town.people.minjun)
    stranger = town.file(SAME, by=town.people.ben)

    sweep()

    again.refresh_from_db()
    stranger.refresh_from_db()
    assert (again.state, again.duplicate_of) == ("duplicate", first)
    assert stranger.state == "received"
