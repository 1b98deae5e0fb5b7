"""Prices and limits of single segments, in both directions, person by person."""

from collections.abc import Mapping

import pytest

from apps.accounts.core.mobility import BASE_PROFILES, PROFILE_NAMES, MobilityProfile, personal
from apps.city.core.osm import Element
from apps.navigation.core.build import build_graph
from apps.navigation.core.codes import Broken, Kind
from apps.navigation.core.pricing import Prices, price
from apps.navigation.core.priors import learn
from apps.navigation.core.profiles import WEIGHTS
from tests.navigation.drawing import CROSSING, FOOT, FOOTWAY, MANUAL, STREET, node, way

NONE = Broken.NONE
PUSHCHAIR = BASE_PROFILES["pushchair"]
WALKER = BASE_PROFILES["walker_elderly"]
BLIND = BASE_PROFILES["blind_cane"]


def both_ways(tags: Mapping[str, str], who: MobilityProfile, length_m: float = 50) -> Prices:
    graph, _ = build_graph([node(1, 0, 0), node(2, length_m, 0), way(10, (1, 2), tags)])
    prices = price(graph, who, learn(graph))
    order = graph.arcs.seg_arc[0]
    return Prices(who, prices.cost_s[order], prices.time_s[order], prices.broken[order], 0.0)


def broken(tags: Mapping[str, str], who: MobilityProfile) -> tuple[int, int]:
    forward, back = both_ways(tags, who).broken
    return int(forward), int(back)


@pytest.mark.parametrize(
    ("incline", "forward", "back"),
    [
        ("8.3%", NONE, NONE),
        ("9%", Broken.INCLINE_UP, NONE),
        ("-9%", NONE, Broken.INCLINE_UP),
        ("11%", Broken.INCLINE_UP, Broken.INCLINE_DOWN),
        ("-11%", Broken.INCLINE_DOWN, Broken.INCLINE_UP),
        ("up", NONE, NONE),  # a direction without a grade stops nobody
    ],
)
def test_an_incline_is_judged_by_direction(incline: str, forward: int, back: int) -> None:
    assert broken({**FOOTWAY, "incline": incline}, MANUAL) == (forward, back)


@pytest.mark.parametrize(
    ("tags", "who", "bits"),
    [
        ({"width": "0.85"}, MANUAL, Broken.WIDTH),
        ({"width": "0.9"}, MANUAL, NONE),
        ({"width": "0.6"}, FOOT, NONE),
        ({"width": "0.8"}, BLIND, Broken.WIDTH),
        ({"smoothness": "intermediate"}, MANUAL, NONE),
        ({"smoothness": "bad"}, MANUAL, Broken.SMOOTHNESS),
        ({"smoothness": "bad"}, PUSHCHAIR, NONE),
        ({"smoothness": "very_bad"}, PUSHCHAIR, Broken.SMOOTHNESS),
        ({"smoothness": "horrible"}, FOOT, NONE),
        ({"wheelchair": "no"}, MANUAL, Broken.WHEELCHAIR_NO),
        ({"wheelchair": "no"}, PUSHCHAIR, NONE),
        ({"wheelchair": "limited"}, MANUAL, NONE),
        ({"incline:across": "9%"}, MANUAL, Broken.CROSS_SLOPE),
        ({"incline:across": "7%"}, MANUAL, NONE),
    ],
)
def test_limits_both_ways(tags: dict[str, str], who: MobilityProfile, bits: int) -> None:
    assert broken({**FOOTWAY, **tags}, who) == (bits, bits)


STEPS = {"highway": "steps"}


@pytest.mark.parametrize(
    ("tags", "who", "bits"),
    [
        ({}, MANUAL, Broken.STEPS),
        ({"step_count": "1"}, MANUAL, Broken.STEPS),
        ({"ramp": "yes"}, MANUAL, Broken.STEPS),  # nobody vouches that a chair gets up there
        ({"ramp:wheelchair": "yes"}, MANUAL, NONE),
        ({"wheelchair": "yes"}, MANUAL, NONE),
        ({"ramp:stroller": "yes"}, MANUAL, Broken.STEPS),
        ({"ramp:stroller": "yes", "step_count": "30"}, PUSHCHAIR, NONE),
        ({"step_count": "3"}, PUSHCHAIR, NONE),
        ({"step_count": "4"}, PUSHCHAIR, Broken.STEPS),
        ({"step_count": "20"}, WALKER, NONE),
        ({"step_count": "21"}, WALKER, Broken.STEPS),
        ({}, WALKER, Broken.STEPS),  # fifty metres of uncounted steps are more than twenty
        ({"step_count": "200"}, BLIND, NONE),
        ({"conveying": "yes"}, MANUAL, Broken.ESCALATOR),
        ({"conveying": "yes"}, FOOT, NONE),
    ],
)
def test_steps(tags: dict[str, str], who: MobilityProfile, bits: int) -> None:
    assert broken({**STEPS, **tags}, who)[0] & ~Broken.ONE_WAY == bits


def test_a_one_way_escalator_is_barred_against_its_run() -> None:
    assert broken({**STEPS, "conveying": "backward"}, FOOT) == (Broken.ONE_WAY, NONE)


def kerb_between(kerb: Mapping[str, str]) -> tuple[Element, ...]:
    """Pavement 1-2, kerb on 2, crossing 2-3 onto the road at 3."""
    return (
        node(1, 0, -9),
        node(2, 0, -5, kerb),
        node(3, 0, 0),
        node(4, -20, 0),
        node(5, 20, 0),
        way(10, (1, 2)),
        way(11, (2, 3), CROSSING),
        way(12, (4, 3, 5), STREET),
    )


def kerb_bits(kerb: Mapping[str, str], who: MobilityProfile) -> tuple[int, int]:
    """Going up from the road, and down onto it."""
    graph, _ = build_graph(kerb_between(kerb))
    prices = price(graph, who, learn(graph))
    segment = int((graph.segments.kind == Kind.KERB).argmax())
    assert graph.rows["kerb_up"][segment] == 1
    up, down = prices.broken[graph.arcs.seg_arc[segment]]
    return int(up), int(down)


@pytest.mark.parametrize(
    ("height", "who", "up", "down"),
    [
        ("2 cm", MANUAL, NONE, NONE),
        ("3 cm", MANUAL, Broken.KERB_UP, NONE),
        ("6 cm", MANUAL, Broken.KERB_UP, NONE),
        ("7 cm", MANUAL, Broken.KERB_UP, Broken.KERB_DOWN),
        ("5 cm", BASE_PROFILES["wheelchair_powered"], NONE, NONE),
        ("6 cm", BASE_PROFILES["wheelchair_powered"], Broken.KERB_UP, Broken.KERB_DOWN),
        ("12 cm", PUSHCHAIR, Broken.KERB_UP, Broken.KERB_DOWN),
        ("12 cm", FOOT, NONE, NONE),
        ("30 cm", BLIND, NONE, NONE),
    ],
)
def test_a_kerb_is_judged_by_direction(
    height: str, who: MobilityProfile, up: int, down: int
) -> None:
    assert kerb_bits({"kerb": "yes", "kerb:height": height}, who) == (up, down)


def test_a_persons_own_limit_holds_at_once() -> None:
    brave = personal("wheelchair_manual", {"max_kerb_up_cm": 8, "max_kerb_down_cm": 8})
    assert kerb_bits({"kerb": "yes", "kerb:height": "7 cm"}, brave) == (NONE, NONE)


@pytest.mark.parametrize(
    ("attribute", "bit"),
    [
        ("width", Broken.STRICT_WIDTH),
        ("surface", Broken.STRICT_SURFACE),
        ("smoothness", Broken.STRICT_SMOOTHNESS),
        ("incline", Broken.STRICT_INCLINE),
    ],
)
def test_what_must_be_known_bars_what_is_not(attribute: str, bit: int) -> None:
    strict = personal("wheelchair_manual", {"must_know": [attribute]})
    assert broken(FOOTWAY, strict) == (bit, bit)
    known = {"width": "2", "surface": "asphalt", "smoothness": "good", "incline": "0%"}
    assert broken({**FOOTWAY, **known}, strict) == (NONE, NONE)


def test_a_kerb_that_must_be_known_bars_unknown_ones_only() -> None:
    strict = personal("wheelchair_manual", {"must_know": ["kerb"]})
    assert kerb_bits({"barrier": "kerb"}, strict) == (Broken.STRICT_KERB, Broken.STRICT_KERB)
    assert kerb_bits({"kerb": "flush"}, strict) == (NONE, NONE)


@pytest.mark.parametrize("attribute", ["width", "smoothness"])
def test_the_unknown_costs_more_than_the_good(attribute: str) -> None:
    good = {"width": "2", "smoothness": "good", "surface": "asphalt", "incline": "0%"}
    unknown = {key: value for key, value in good.items() if key != attribute}
    assert (
        both_ways({**FOOTWAY, **unknown}, MANUAL).cost_s[0]
        > both_ways({**FOOTWAY, **good}, MANUAL).cost_s[0]
    )


def test_the_unknown_costs_a_walker_without_limits_nothing() -> None:
    good = {"width": "2", "smoothness": "good", "surface": "asphalt", "incline": "0%"}
    assert both_ways(FOOTWAY, FOOT).cost_s[0] == pytest.approx(
        both_ways({**FOOTWAY, **good}, FOOT).cost_s[0]
    )


def test_pushing_uphill_is_slower_than_rolling_level() -> None:
    """v = P / (m g (Crr + i)): 25 W, 90 kg, asphalt, 5 % make 0.44 m/s."""
    smooth = {**FOOTWAY, "surface": "asphalt", "incline": "5%"}
    prices = both_ways(smooth, MANUAL, length_m=100)
    assert 100 / prices.time_s[0] == pytest.approx(0.44, abs=0.01)
    assert 100 / prices.time_s[1] <= 1.2 * MANUAL.speed_mps


def test_a_walker_on_the_level_walks_at_their_own_speed() -> None:
    assert 50 / both_ways(FOOTWAY, FOOT).time_s[0] == pytest.approx(FOOT.speed_mps, rel=0.01)


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_no_price_is_below_its_time(name: str) -> None:
    for tags in (FOOTWAY, STREET, STEPS, CROSSING, {"highway": "steps", "conveying": "yes"}):
        prices = both_ways(tags, BASE_PROFILES[name])  # type: ignore[index]
        assert (prices.cost_s >= prices.time_s - 1e-4).all()
        assert (prices.time_s > 0).all()


def test_a_blind_person_pays_for_a_kerb_that_cannot_be_felt() -> None:
    def cost(tactile: str) -> float:
        graph, _ = build_graph(kerb_between({"kerb": "flush", "tactile_paving": tactile}))
        prices = price(graph, BLIND, learn(graph))
        segment = int((graph.segments.kind == Kind.KERB).argmax())
        return float(prices.cost_s[graph.arcs.seg_arc[segment, 0]])

    assert cost("no") - cost("yes") == pytest.approx(WEIGHTS["blind_cane"].untactile_kerb_s)


@pytest.mark.parametrize(
    ("gate", "who", "bits"),
    [
        ({"barrier": "stile"}, MANUAL, Broken.BARRIER),
        ({"barrier": "turnstile"}, PUSHCHAIR, Broken.BARRIER),
        ({"barrier": "kissing_gate"}, MANUAL, Broken.BARRIER),
        ({"barrier": "kissing_gate", "wheelchair": "yes"}, MANUAL, NONE),
        ({"barrier": "stile"}, FOOT, NONE),
        ({"barrier": "cycle_barrier"}, MANUAL, Broken.BARRIER),
        ({"barrier": "cycle_barrier", "maxwidth:physical": "1.2"}, MANUAL, NONE),
        ({"barrier": "bollard"}, MANUAL, NONE),
        ({"barrier": "bollard", "maxwidth:physical": "0.7"}, MANUAL, Broken.WIDTH),
        ({"door": "revolving"}, MANUAL, Broken.BARRIER),
        ({"door": "hinged", "door:width": "0.8"}, MANUAL, Broken.WIDTH),
    ],
)
def test_barriers(gate: dict[str, str], who: MobilityProfile, bits: int) -> None:
    graph, _ = build_graph(
        [node(1, 0, 0), node(2, 20, 0, gate), node(3, 40, 0), way(10, (1, 2, 3))]
    )
    prices = price(graph, who, learn(graph))
    segment = int((graph.segments.osm_is_node == 1).argmax())
    assert prices.broken[graph.arcs.seg_arc[segment, 0]] == bits


def test_priors_follow_what_the_city_knows() -> None:
    """Where many mapped kerbs are raised, an unknown one is feared more."""

    def chance(raised_n: int) -> float:
        elements: list[Element] = []
        for k in range(30):
            base = 100 * k
            kerb = {"kerb": "raised" if k < raised_n else "lowered"}
            elements += [
                node(base + 1, base, 0),
                node(base + 2, base, 10, kerb),
                node(base + 3, base, 20),
                way(base + 4, (base + 1, base + 2, base + 3)),
            ]
        graph, _ = build_graph(elements)
        return learn(graph).kerb_cm.share_above(2.0)

    assert chance(0) < 0.05 < chance(15) < chance(30) < 1.0
