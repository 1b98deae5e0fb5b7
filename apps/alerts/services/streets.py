"""An alert in force lies in the way: one obstruction for parking, rides and routes to heed."""

from apps.alerts.models import Alert, Notice
from apps.city.models import Obstruction
from apps.city.services.obstructions import Facts, close_reference, open_obstruction
from apps.hazards.models import Certainty, HazardKind

SOURCE = "alerts"
Kind, Stops = Obstruction.Kind, Obstruction.Stops
_EVERYBODY = (Stops.FOOT, Stops.WHEELS, Stops.BICYCLE, Stops.CAR, Stops.BUS)
BLOCKS: dict[str, tuple[str, tuple[str, ...]]] = {
    HazardKind.FLOOD: (Kind.FLOOD, _EVERYBODY),
    HazardKind.SURFACE_WATER: (Kind.FLOOD, _EVERYBODY),
    HazardKind.STRUCTURE: (Kind.COLLAPSE, (*_EVERYBODY, Stops.EMERGENCY)),
    HazardKind.LANDSLIDE: (Kind.COLLAPSE, (*_EVERYBODY, Stops.EMERGENCY)),
    HazardKind.FIRE: (Kind.CLOSURE, _EVERYBODY),
    HazardKind.CROWD: (Kind.CROWD, _EVERYBODY),
    HazardKind.CLOSURE: (Kind.CLOSURE, _EVERYBODY),
}
_CERTAIN = {
    Certainty.OBSERVED: 1.0, Certainty.LIKELY: 0.75, Certainty.POSSIBLE: 0.4,
    Certainty.UNLIKELY: 0.1, Certainty.UNKNOWN: 0.5,
}  # fmt: skip


def open_streets(notice: Notice, *, actor: str) -> None:
    """Open the obstruction, or bring it up to date."""
    alert = notice.alert
    if alert.kind not in BLOCKS:
        return
    kind, stops = BLOCKS[alert.kind]
    headlines = (words.get("headline", "") for words in notice.texts.values())
    open_obstruction(
        source=SOURCE,
        reference=str(alert.code),
        facts=Facts(
            kind=kind,
            geom=notice.geom,
            depth_m=alert.assessment.depth_m if alert.assessment else None,
            stops=stops,
            certainty=_CERTAIN[Certainty(notice.certainty)],
            valid_from=notice.onset_at,
            valid_to=notice.expires_at,
            description=next(headlines, ""),
        ),
        actor=actor,
        confirmed=True,
    )


def close_streets(alert: Alert, *, actor: str) -> None:
    close_reference(source=SOURCE, reference=str(alert.code), actor=actor)
