"""The geocoder: what people type, and what they mean."""

import pytest

from apps.base.problems import Invalid
from apps.city.core.queries import Corner, Named, Near, Numbered, readings
from apps.city.models import ImportRun, the_city
from apps.city.selectors.search import Found, OutsideCity, Wanted, search, whats_at

HERE = {"lon": 127.2612, "lat": 37.4301}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("도서관", Named("도서관")),
        ("  중앙   도서관 ", Named("중앙 도서관")),
        ("학교 근처", Near("학교")),
        ("near the library", Near("library")),
        ("parking near me", Near("", "parking")),
        ("내 주변 주차장", Near("", "주차장")),
        ("도서관 근처에 있는 주차장", Near("도서관", "주차장")),
        ("역에서 가까운 약국", Near("역", "약국")),
        ("달빛로 12", Numbered("달빛로", "12")),
        ("달빛동 123-4번지", Numbered("달빛동", "123-4")),
        ("221b Baker Street", Numbered("Baker Street", "221b")),
        ("Hauptstraße 12 a", Numbered("Hauptstraße", "12a")),
        ("달빛로 & 강변로", Corner("달빛로", "강변로")),
        ("달빛로와 강변로 교차로", Corner("달빛로", "강변로")),
        ("corner of the High Street and Mill Lane", Corner("High Street", "Mill Lane")),
        ("달빛로 교차로", Corner("달빛로")),
    ],
)
def test_it_reads_a_text(text: str, first: object) -> None:
    found = readings(text)
    assert found[0] == first
    assert found[-1] == Named(" ".join(text.split()))


def _search(text: str, *, limit: int = 5, here: bool = True) -> list[Found]:
    where = HERE if here else {}
    return search(Wanted(text, limit=limit, box=the_city().box, **where))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("중앙도서관", "중앙도서관"),
        ("central library", "중앙도서관"),
        ("Centrl Libary", "중앙도서관"),
        ("중앙도서간", "중앙도서관"),  # one letter of the last syllable is wrong
        ("중앙 도서관", "중앙도서관"),
        ("시립문고", "중앙도서관"),  # its old name
        ("도서관", "중앙도서관"),  # the kind
        ("libraries", "중앙도서관"),
        ("중앙도", "중앙도서관"),  # still typing
        ("중앙됴", "중앙도서관"),
        ("달빛초", "달빛초등학교"),
        ("elementary", "달빛초등학교"),
        ("dalbit-ro", "달빛로"),
        ("DALBIT RO", "달빛로"),
        ("강변로", "강변로"),
        ("Dalbit-dong", "달빛동"),
        ("달빛호수", "달빛호수"),
        ("달빛사거리", "달빛사거리"),
    ],
)
def test_it_finds_by_name_in_any_language_and_with_typos(
    corner: ImportRun, text: str, name: str
) -> None:
    assert _search(text)[0].names[""] == name


@pytest.mark.parametrize(
    ("text", "number", "exact"),
    [
        ("달빛로 12", "12", True),
        ("Dalbit-ro 31", "31", True),
        ("33 Dalbit-ro", "33", True),
        ("달빛동 123-4", "123-4", True),
        ("달빛로 34", "33", False),  # there is no 34; the nearest number is told as such
    ],
)
def test_it_finds_house_numbers(corner: ImportRun, text: str, number: str, exact: bool) -> None:
    best = _search(text)[0]
    assert (best.kind, best.number, best.exact) == ("address", number, exact)


@pytest.mark.parametrize("text", ["달빛로 & 강변로", "Gangbyeon-ro and Dalbit-ro", "달빛로 교차로"])
def test_it_finds_where_streets_meet(corner: ImportRun, text: str) -> None:
    found = next(one for one in _search(text) if one.kind == "corner")
    assert (found.lon, found.lat) == pytest.approx((127.2620, 37.4300), abs=1e-5)
    assert set(found.names[""].split(" × ")) == {"달빛로", "강변로"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("학교 근처 주차장", "parking"),
        ("parking near the library", "parking"),
        ("library near 달빛초등학교", "library"),
        ("내 주변 학교", "school"),
    ],
)
def test_it_finds_what_is_near(corner: ImportRun, text: str, kind: str) -> None:
    assert _search(text)[0].place_kind == kind


def test_near_something_tells_what_is_around_and_not_the_thing_itself(corner: ImportRun) -> None:
    found = [one.names.get("") for one in _search("near the library", limit=10)]
    assert found[0] == "달빛호수"
    assert found.index("달빛초등학교") > 0


def test_of_two_alike_the_nearer_one_comes_first(corner: ImportRun) -> None:
    west = search(Wanted("달빛", 127.2601, 37.4288, box=the_city().box))
    east = search(Wanted("달빛", 127.2636, 37.4313, box=the_city().box))
    order = [one.names[""] for one in west]
    assert order.index("달빛호수") < order.index("달빛초등학교")
    order = [one.names[""] for one in east]
    assert order.index("달빛초등학교") < order.index("달빛호수")


def test_distances_are_metres_and_missing_without_an_asker(corner: ImportRun) -> None:
    assert _search("중앙도서관")[0].distance_m == pytest.approx(66, abs=3)
    assert _search("중앙도서관", here=False)[0].distance_m is None


def test_answers_name_their_district(corner: ImportRun) -> None:
    district = _search("중앙도서관")[0].district
    assert district is not None
    assert district["names"]["en"] == "Dalbit-dong"


def test_nonsense_finds_nothing(corner: ImportRun) -> None:
    assert _search("xqzwv kjhgf") == []


@pytest.mark.parametrize("text", ["'; DROP TABLE", "100%", "a_b%", "\\", "()&|!", "가" * 120])
def test_signs_that_mean_something_to_a_database_do_no_harm(corner: ImportRun, text: str) -> None:
    if any(letter.isalnum() for letter in text):
        _search(text)
    else:
        with pytest.raises(Invalid):
            _search(text)


@pytest.mark.parametrize("text", ["", " ", "a", "가" * 121, "?!", "a\x00b"])
def test_it_refuses_texts_too_short_or_too_long(text: str) -> None:
    with pytest.raises(Invalid) as error:
        Wanted(text)
    assert "q" in error.value.errors


@pytest.mark.parametrize(
    ("lat", "lon", "problem", "said"),
    [
        (127.26, 37.43, Invalid, "swapped"),
        (91.0, 200.0, Invalid, "Degrees"),
        (51.5, -0.1, OutsideCity, ""),
        (37.43, None, Invalid, "both"),
    ],
)
def test_it_refuses_places_that_cannot_be_meant(
    corner: ImportRun, lat: float, lon: float | None, problem: type[Exception], said: str
) -> None:
    with pytest.raises(problem) as error:
        Wanted("도서관", lon, lat, box=the_city().box)
    assert said in str(getattr(error.value, "errors", ""))


# ---------------------------------------------------------------- what is here


def test_it_tells_what_is_at_a_point(corner: ImportRun) -> None:
    here = whats_at(127.2606, 37.4302, box=the_city().box)
    assert here.address is not None
    assert here.address["number"] == "12"
    assert here.street is not None
    assert here.street["names"]["en"] == "Dalbit-ro"
    assert here.street["distance_m"] == pytest.approx(22, abs=1)
    assert here.place is not None
    assert here.place["names"][""] == "중앙도서관"
    assert here.district is not None
    assert here.district["names"][""] == "달빛동"


@pytest.mark.parametrize(
    ("lat", "lon", "problem"), [(127.26, 37.43, Invalid), (37.5, 127.5, OutsideCity)]
)
def test_it_knows_nothing_outside_the_city(
    corner: ImportRun, lat: float, lon: float, problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        whats_at(lon, lat, box=the_city().box)
