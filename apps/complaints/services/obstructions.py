"""A report of something in the way is a fact for routes and rides, too: `city.Obstruction`."""

from apps.city.models import Obstruction
from apps.city.services.obstructions import Facts, close_reference, open_obstruction
from apps.complaints.core.states import IN_HAND, State
from apps.complaints.models import ServiceRequest

SOURCE = "complaints"
# One report by anybody: routes may mention it, and none should rely on it.
CERTAINTY = 0.4
_STOPS = {
    Obstruction.Kind.BARRIER: (Obstruction.Stops.WHEELS,),
    Obstruction.Kind.BROKEN_LIFT: (Obstruction.Stops.WHEELS,),
    Obstruction.Kind.COLLAPSE: (Obstruction.Stops.FOOT, Obstruction.Stops.WHEELS),
}


def open_for(*, request: ServiceRequest) -> None:
    """Open one where the service says that its reports are obstructions, and the place is known."""
    kind = request.service.obstruction_kind
    if not kind or request.geom is None:
        return
    open_obstruction(
        source=SOURCE,
        reference=request.number,
        facts=Facts(
            kind=kind,
            geom=request.geom,
            stops=_STOPS.get(Obstruction.Kind(kind), ()),
            certainty=CERTAINTY,
            description=request.service.name(request.language),
        ),
        actor=SOURCE,
        confirmed=State(request.state) in IN_HAND,
    )


def follow(*, request: ServiceRequest, actor: str) -> None:
    """Staff who took it in hand confirm it; what is closed is out of the way."""
    if not request.service.obstruction_kind:
        return
    if not request.is_open:
        close_reference(source=SOURCE, reference=request.number, actor=actor)
    elif request.state in (State.IN_PROGRESS, State.REOPENED):
        open_for(request=request)
