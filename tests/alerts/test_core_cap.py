"""CAP 1.2: valid against the standard's schema, the same after a round trip, and strict."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from apps.alerts.core import cap
from apps.alerts.core.chains import ENDS, Link, Step, WrongStep, references_for
from tests.support.samples import sample_path

SENT = datetime(2026, 11, 22, 3, 0, tzinfo=timezone(timedelta(hours=9)))
RING = ((127.25, 37.42), (127.26, 37.42), (127.26, 37.43), (127.25, 37.42))


def alert(**more: Any) -> cap.Alert:
    info = cap.Info(
        language="ko", category="Met", event="홍수", urgency="Immediate", severity="Severe",
        certainty="Observed", responses=("Evacuate",), expires=SENT, headline="홍수 & <물>",
        areas=(cap.Area("강변동", (RING,)),),
    )  # fmt: skip
    facts: dict[str, Any] = {
        "identifier": "urn:oid:2.49.0.0.410.0.1", "sender": "alerts@dalbit.example", "sent": SENT,
        "status": "Actual", "message_type": "Alert", "infos": (info,),
    }  # fmt: skip
    return cap.Alert(**(facts | more))


def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(sample_path("alerts/CAP-v1.2.xsd"))))


@pytest.mark.samples
def test_what_we_write_is_valid() -> None:
    later = alert(message_type="Update", references=(alert().reference,), identifier="u2")
    for one in (alert(), later):
        schema().assertValid(etree.fromstring(cap.to_xml(one)))


@pytest.mark.samples
def test_it_reads_the_example_of_the_standard() -> None:
    read = cap.from_xml(sample_path("alerts/cap_amber_alert_example.xml").read_bytes())
    assert read.message_type == "Alert"
    assert read.infos[0].category == "Rescue"


def test_a_polygon_is_latitude_first_and_an_instant_has_no_z() -> None:
    written = cap.to_xml(alert(sent=datetime(2026, 1, 2, 3, 4, 5, 678, UTC))).decode()
    assert "<polygon>37.420000,127.250000 " in written
    assert "<sent>2026-01-02T03:04:05-00:00</sent>" in written


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40)
LONLAT = st.tuples(
    st.integers(-1_800_000, 1_800_000).map(lambda n: n / 10_000),
    st.integers(-900_000, 900_000).map(lambda n: n / 10_000),
)
RINGS = st.lists(LONLAT, min_size=3, max_size=6).map(lambda r: (*map(tuple, r), tuple(r[0])))
INSTANTS = st.datetimes(
    datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
).map(lambda at: at.replace(microsecond=0))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(headline=TEXT, ring=RINGS, sent=INSTANTS, severity=st.sampled_from(cap.SEVERITIES))
def test_a_round_trip_changes_nothing(
    headline: str, ring: cap.Ring, sent: datetime, severity: str
) -> None:
    info = cap.Info(
        language="en", category="Met", event="Flood", urgency="Future", severity=severity,
        certainty="Likely", headline=headline, areas=(cap.Area("Area", (ring,)),),
    )  # fmt: skip
    one = alert(infos=(info,), sent=sent)
    assert cap.from_xml(cap.to_xml(one)) == one


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"identifier": "with space"}, "identifier"), ({"sender": ""}, "sender"),
        ({"status": "actual"}, "status"), ({"message_type": "Update"}, "references"),
        ({"infos": ()}, "info"), ({"sent": datetime(2026, 1, 1)}, "sent"),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_what_the_standard_forbids_is_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(cap.InvalidCap) as refused:
        alert(**change)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<a/>", b"<alert/>", b"\xff\xfe",
        b'<!DOCTYPE a [<!ENTITY x "y">]><alert>&x;</alert>',
    ],
)  # fmt: skip
def test_what_is_no_cap_is_refused(content: bytes) -> None:
    with pytest.raises(cap.InvalidCap):
        cap.from_xml(content)


def test_a_polygon_with_its_axes_swapped_beyond_the_globe_is_refused() -> None:
    with pytest.raises(cap.InvalidCap):
        cap.Area("x", (tuple((lat, lon) for lon, lat in RING),))


@given(st.lists(st.sampled_from(list(Step)), max_size=8))
def test_a_message_names_every_earlier_one_and_nothing_follows_an_end(steps: list[Step]) -> None:
    chain: list[Link] = []
    for number, step in enumerate(steps):
        fits = (not chain) == (step is Step.ALERT) and not (chain and chain[-1].step in ENDS)
        if fits:
            named = references_for(step, chain)
            assert [one.identifier for one in named] == [
                link.reference.identifier for link in chain
            ]
            chain.append(Link(step, cap.Reference("s", f"i{number}", SENT)))
        else:
            with pytest.raises(WrongStep):
                references_for(step, chain)
