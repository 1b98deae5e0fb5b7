"""Payloads, register maps and frames: vectors as makers publish them, and what breaks them."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols import seongnam, ug405
from devices.protocols.lorawan import milesight, others
from devices.protocols.lorawan.chirpstack import NotAnUplink, is_up_topic, lost_between, read_up
from devices.protocols.registers import BadMap, Register, read_map, spans, value_of
from devices.protocols.seongnam import BodyField, Frame, Reader, encode, read_body


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        ("01755A03821E00", {"battery_level": 90, "distance": 30}),  # EM500-UDL
        ("01755C0377B80B", {"battery_level": 92, "water_level": 3000}),  # EM500-SWL
        ("01756403824408040001", {"battery_level": 100, "distance": 2116, "tilted": 1}),
        (
            "0175640367180104686D077DC501",
            {"battery_level": 100, "air_temperature": 28, "air_humidity": 54.5, "co2": 453},
        ),
        (
            "01755C03673401046865056A490006651C0079001400077DE704087D070009733F27",
            {
                "battery_level": 92, "air_temperature": 30.8, "air_humidity": 50.5,
                "activity": 73, "illuminance": 28, "co2": 1255, "tvoc": 7, "air_pressure": 1004.7,
            },
        ),
        ("0367F6FF", {"air_temperature": -1.0}),
        ("0175640FFF", {"battery_level": 100}),  # an unknown channel ends it
    ],
)  # fmt: skip
def test_milesight_reads(payload: str, found: dict[str, float]) -> None:
    raw = bytes.fromhex(
        payload.replace(" 01", "01") if "tilted" not in found else "01756403824408040001"
    )
    read = {name: value for name, (value, _unit) in milesight.read(raw).items()}
    assert read == pytest.approx(found)


def test_milesight_refuses_what_is_cut_off() -> None:
    with pytest.raises(ValueError, match="distance"):
        milesight.read(bytes.fromhex("038244"))


def test_lht65_reads_its_probe() -> None:
    raw = bytes.fromhex("CBF60B0D0376010ADD7FFF")
    read = {name: value for name, (value, _unit) in others.read_lht65(raw).items()}
    assert read == pytest.approx(
        {"battery": 3.062, "air_temperature": 28.29, "air_humidity": 88.6,
         "probe_temperature": 27.81}
    )  # fmt: skip


@pytest.mark.parametrize(("port", "byte", "taken"), [(1, 1, 1.0), (1, 0, 0.0), (2, 1, 1.0)])
def test_bosch_tells_whether_a_bay_is_taken(port: int, byte: int, taken: float) -> None:
    assert others.read_bosch_parking(bytes([byte]), port) == {"bay_occupied": (taken, "1")}
    assert others.read_bosch_parking(b"\x01", 3) == {}


def test_cayenne_reads_signed_values_by_channel() -> None:
    read = others.read_cayenne(bytes.fromhex("03670110 0567FFD7 016850".replace(" ", "")))
    assert read == {
        "temperature_3": (27.2, "Cel"), "temperature_5": (-4.1, "Cel"), "humidity_1": (40.0, "%"),
    }  # fmt: skip


@given(st.binary(max_size=40))
def test_no_payload_breaks_a_decoder(raw: bytes) -> None:
    for read in (milesight.read, others.read_cayenne, others.read_lht65):
        try:
            read(raw)
        except ValueError:
            continue


def up(**more: Any) -> dict[str, Any]:
    return {
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        "time": "2026-11-20T03:00:00+00:00",
        "deviceInfo": {"devEui": "24E124136B501234", "tags": {"decoder": "milesight"}},
        "fCnt": 7, "fPort": 85, "data": base64.b64encode(bytes.fromhex("01755A03821E00")).decode(),
        "rxInfo": [{"gatewayId": "a", "rssi": -90}],
    } | more  # fmt: skip


def test_an_uplink_becomes_rows() -> None:
    rows = read_up(json.dumps(up()).encode()).rows()
    assert [row["datastream"] for row in rows] == [
        "24e124136b501234:battery_level", "24e124136b501234:distance",
    ]  # fmt: skip
    assert rows[1]["result"] == 30
    plain = up(deviceInfo={"devEui": "AA"}, object={"level": 4, "name": "x"})
    assert read_up(json.dumps(plain).encode()).values == {"level": (4.0, "")}


@pytest.mark.parametrize(
    "broken",
    [
        {"time": "yesterday"}, {"time": "2026-11-20T03:00:00"}, {"data": "§"},
        {"deviceInfo": {"devEui": "AA", "tags": {"decoder": "none"}}},
        {"data": base64.b64encode(b"\x03\x82\x01").decode()},
    ],
)  # fmt: skip
def test_what_is_no_uplink_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(NotAnUplink):
        read_up(json.dumps(up(**broken)).encode())


def test_gaps_and_topics() -> None:
    assert (lost_between(4, 5), lost_between(4, 9), lost_between(9, 1)) == (0, 4, 0)
    assert is_up_topic("application/x/device/y/event/up")
    assert not is_up_topic("application/x/device/y/event/join")


# ---------------------------------------------------------------- registers


@pytest.mark.parametrize(
    ("register", "words", "value"),
    [
        (Register("a", 0), [40_000], 40_000),
        (Register("a", 0, form="s16", scale=0.1), [0xFFF6], -1.0),
        (Register("a", 0, form="u32"), [1, 2], 65_538),
        (Register("a", 0, form="u32", words="little"), [2, 1], 65_538),
        (Register("a", 0, form="f32", offset=1), [0x4020, 0x0000], 3.5),
        (Register("a", 0, table="coil", form="bool"), [1], 1.0),
    ],
)  # fmt: skip
def test_registers_are_read_as_the_map_says(
    register: Register, words: list[int], value: float
) -> None:
    assert value_of(register, words) == pytest.approx(value)


def test_near_registers_are_read_together() -> None:
    registers = [Register("a", 0), Register("b", 4, form="f32"), Register("c", 300),
                 Register("d", 5, table="input")]  # fmt: skip
    found = [(span.table, span.first, span.count) for span in spans(registers)]
    assert found == [("holding", 0, 6), ("holding", 300, 1), ("input", 5, 1)]


@pytest.mark.parametrize(
    "config",
    [
        {"registers": []},
        {"registers": [{"datastream": "a", "address": 70_000}]},
        {"registers": [{"datastream": "a", "address": 0, "form": "bool"}]},
        {"registers": [{"datastream": "a", "address": 0, "sort": "u16"}]},
        {"registers": [{"datastream": "a", "address": 0}, {"datastream": "a", "address": 1}]},
        {"registers": [{"datastream": "a", "address": 0}], "unit": 999},
    ],
)
def test_maps_that_make_no_sense_are_refused(config: dict[str, Any]) -> None:
    with pytest.raises(BadMap):
        read_map(config)


# ---------------------------------------------------------------- Seongnam


def frame(sequence: int = 3, body: bytes = b"\x01\x02\x03") -> Frame:
    return Frame(sequence, 1_795_000_000, seongnam.STATUS, body)


def test_a_frame_stands_as_documented() -> None:
    raw = encode(Frame(5, 0x01020304, 0xF2, b"ab"))
    assert raw.hex() == "7e7e0501020304f200026162"


@given(st.lists(st.binary(max_size=12), max_size=4), st.integers(1, 7))
def test_frames_are_found_among_rubbish_and_in_pieces(noise: list[bytes], step: int) -> None:
    clean = [piece.replace(b"\x7e", b"") for piece in noise]
    sent = [frame(number) for number in range(len(clean))]
    raw = b"".join(piece + encode(one) for piece, one in zip(clean, sent, strict=True))
    reader = Reader()
    found = [one for at in range(0, len(raw), step) for one in reader.feed(raw[at : at + step])]
    assert found == sent
    assert reader.skipped == sum(map(len, clean))


def test_an_impossible_length_is_skipped() -> None:
    reader = Reader()
    broken = bytes.fromhex("7e7e0100000000f2ffff")
    assert list(reader.feed(broken + encode(frame()))) == [frame()]


def test_a_body_is_read_by_the_operators_map() -> None:
    fields = [BodyField("mode", 0, mask=0x0F), BodyField("cycle", 1, "u16", scale=0.1),
              BodyField("beyond", 9)]  # fmt: skip
    rows = read_body(frame(), fields)
    assert [(row["datastream"], row["result"]) for row in rows] == [
        ("mode", 1), ("cycle", pytest.approx(51.5)),
    ]  # fmt: skip


# ---------------------------------------------------------------- UG405


def test_instances_are_named_by_their_scn() -> None:
    naming = ug405.Naming("J031")
    assert naming.stages() == (1, 3, 6, 1, 4, 1, 13267, 3, 2, 5, 1, 1, 3, 4, 74, 48, 51, 49)
    assert ug405.Naming("J031", trailing_zero=True).force()[-1] == 0
    with pytest.raises(ValueError, match="SCN"):
        ug405.Naming("")


@given(st.sets(st.integers(1, 32)))
def test_stages_go_into_bits_and_back(stages: set[int]) -> None:
    assert ug405.numbers_in(ug405.bits_of(stages)) == sorted(stages)


def test_the_first_stage_is_the_top_bit() -> None:
    assert ug405.bits_of([1]) == b"\x80"
    assert ug405.bits_of([2, 9]) == b"\x40\x80"
