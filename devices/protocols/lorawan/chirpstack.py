"""ChirpStack v4's events as JSON: `application/ID/device/DEVEUI/event/up`, or HTTP `?event=up`.

A device says by its tag `decoder` how its payload is read; without one, numbers of the `object`
that ChirpStack's own codec made are taken. A datastream's code is `DEVEUI:name`.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from devices.protocols.lorawan import milesight, others

Values = dict[str, tuple[float, str]]
Decoder = Callable[[bytes, int], Values]

DECODERS: Mapping[str, Decoder] = {
    "bosch-parking": others.read_bosch_parking,
    "cayenne": lambda payload, _port: others.read_cayenne(payload),
    "dragino-lht65": lambda payload, _port: others.read_lht65(payload),
    "milesight": lambda payload, _port: milesight.read(payload),
    "milesight-ws202": lambda payload, _port: milesight.read(payload, milesight.WS202),
}


class NotAnUplink(ValueError):
    """This is no event of ours; the message says why."""


class DeviceInfo(msgspec.Struct, rename="camel"):
    dev_eui: str
    device_name: str = ""
    device_profile_name: str = ""
    tags: dict[str, str] = {}


class _Up(msgspec.Struct, rename="camel"):
    deduplication_id: str
    time: datetime
    device_info: DeviceInfo
    f_cnt: int = 0
    f_port: int = 0
    data: str = ""
    object: dict[str, Any] = {}


_reader = msgspec.json.Decoder(_Up)


@dataclass(frozen=True, slots=True)
class Uplink:
    """One message of a device. `f_cnt` counts its messages: a gap is what was lost."""

    dev_eui: str
    at: datetime
    f_cnt: int
    values: Values

    def rows(self) -> list[dict[str, Any]]:
        """As the JSON door takes them."""
        rows: list[dict[str, Any]] = []
        for name, (value, unit) in self.values.items():
            row = {
                "datastream": f"{self.dev_eui}:{name}", "phenomenonTime": self.at.isoformat(),
                "result": value,
            }  # fmt: skip
            rows.append(row | ({"unit": unit} if unit else {}))
        return rows


def read_up(body: bytes) -> Uplink:
    """Raises NotAnUplink."""
    try:
        up = _reader.decode(body)
        payload = base64.b64decode(up.data, validate=True)
    except (msgspec.DecodeError, ValueError) as error:
        raise NotAnUplink(str(error)) from error
    if up.time.tzinfo is None:
        raise NotAnUplink("Its time has no zone.")
    name = up.device_info.tags.get("decoder", "")
    if name and name not in DECODERS:
        raise NotAnUplink(f"There is no decoder {name!r}.")
    try:
        values = DECODERS[name](payload, up.f_port) if name else _numbers(up.object)
    except ValueError as error:
        raise NotAnUplink(f"{name}: {error}") from error
    return Uplink(up.device_info.dev_eui.lower(), up.time, up.f_cnt, values)


def _numbers(decoded: Mapping[str, Any]) -> Values:
    """The unit is the datastream's own."""
    return {
        name: (float(value), "")
        for name, value in decoded.items()
        if isinstance(value, int | float)
    }


def lost_between(before: int, now: int) -> int:
    """Messages lost between two counts; none where the device began anew."""
    return max(now - before - 1, 0) if now > before else 0


def is_up_topic(topic: str) -> bool:
    parts = topic.split("/")
    return (
        len(parts) == 6 and parts[0] == "application" and parts[2] == "device"
        and parts[4:] == ["event", "up"]
    )  # fmt: skip
