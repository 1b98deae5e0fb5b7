"""Resource paths: `Datastreams(5)/Observations`, `Things(1)/name/$value` …"""

import re
from dataclasses import dataclass

from devices.protocols.sensorthings.options import split
from devices.protocols.sensorthings.syntax import Unsound

_SEGMENT = re.compile(r"([A-Za-z$]\w*)(?:\((.+)\))?")
MOST_SEGMENTS = 8


@dataclass(frozen=True, slots=True)
class Segment:
    """A name, and the key of one entity where it was given."""

    name: str
    key: str | None = None


def read_path(path: str) -> tuple[Segment, ...]:
    """Raises Unsound."""
    parts = split(path.strip("/"), "/")
    if len(parts) > MOST_SEGMENTS:
        raise Unsound("The path is too long.")
    return tuple(_segment(part) for part in parts)


def _segment(text: str) -> Segment:
    found = _SEGMENT.fullmatch(text)
    if found is None:
        raise Unsound(f"{text!r} is no part of a path.")
    name, key = found.groups()
    if key is not None and key.startswith("'") and key.endswith("'") and len(key) > 1:
        key = key[1:-1].replace("''", "'")
    return Segment(name, key)
