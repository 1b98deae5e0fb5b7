"""What follows for navigation from what devices observe."""

from apps.navigation.models import Lift
from apps.navigation.services.lifts import PROPERTY, set_lift_state
from devices.events import Arrivals, Receiver


def follow_lifts(arrivals: Arrivals) -> None:
    """The newest word of each lift's controller; only a change of state does anything."""
    newest = arrivals.newest()
    rows = zip(newest.datastream_ids.tolist(), newest.values.tolist(), newest.times(), strict=True)
    said = {stream: (value, at) for stream, value, at in rows}
    for lift in Lift.objects.filter(datastream_id__in=said).order_by("pk"):
        value, at = said[lift.datastream_id or 0]
        state = Lift.State.WORKING if value >= 0.5 else Lift.State.OUT
        if lift.state_since is None or at > lift.state_since:
            set_lift_state(
                code=lift.code, state=state, said_by="device", actor="device", since=at,
                expected_until=lift.expected_until if state == lift.state else None,
            )  # fmt: skip


lifts = Receiver(frozenset({PROPERTY.code}), follow_lifts)
