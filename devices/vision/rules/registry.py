"""Every rule by its name, and how a stored one becomes a rule again."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from devices.vision.findings import Severity
from devices.vision.rules.abandoned import AbandonedObject
from devices.vision.rules.accident import Accident
from devices.vision.rules.crowd import Crowd, Jam
from devices.vision.rules.fall import Fall
from devices.vision.rules.intrusion import Intrusion
from devices.vision.rules.loitering import Loitering
from devices.vision.rules.rule import Rule
from devices.vision.rules.stopped import IllegalParking, StoppedVehicle
from devices.vision.rules.wrong_way import WrongWay

RULES: dict[str, type[Rule]] = {
    rule.kind: rule
    for rule in (
        AbandonedObject, Accident, Crowd, Fall, IllegalParking, Intrusion, Jam, Loitering,
        StoppedVehicle, WrongWay,
    )
}  # fmt: skip


def rule_of(kind: str, parameters: Mapping[str, Any]) -> Rule:
    """Raises ValueError with a sentence for an unknown kind, name or value."""
    if kind not in RULES:
        raise ValueError(f"{kind}: no such rule; there are {', '.join(sorted(RULES))}")
    known = {field.name for field in fields(RULES[kind])}
    if unknown := sorted(set(parameters) - known):
        raise ValueError(f"{kind}: unknown {', '.join(unknown)}; there are {sorted(known)}")
    try:
        return RULES[kind](**{name: _read(name, value) for name, value in parameters.items()})
    except TypeError as wrong:
        raise ValueError(f"{kind}: {wrong}") from wrong


def _read(name: str, value: Any) -> Any:
    """JSON knows neither tuples nor our words for severity."""
    if name == "severity":
        return Severity(value)
    return _frozen(value)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value
