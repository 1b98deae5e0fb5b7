"""Learning when green men come."""

from datetime import UTC, datetime

from django.db import transaction

from apps.traffic.core.rhythm import Rhythm, heard
from apps.traffic.models import Junction, SignalGroup, SignalRhythm


@transaction.atomic
def note_green(*, junction: Junction, number: int, at: datetime) -> None:
    """A walkers' green began."""
    group = SignalGroup.objects.filter(junction=junction, number=number).first()
    if group is None:
        return
    row = SignalRhythm.objects.select_for_update().filter(group=group).first()
    if row is None:
        SignalRhythm.objects.create(group=group, green_at=at)
        return
    known = Rhythm(row.green_at.timestamp(), row.cycle_s, row.sd_s, row.greens_n)
    learnt = heard(known, at.timestamp())
    row.green_at = datetime.fromtimestamp(learnt.green_at_s, UTC)
    row.cycle_s, row.sd_s, row.greens_n = learnt.cycle_s, learnt.sd_s, learnt.greens_n
    row.save(update_fields=["green_at", "cycle_s", "sd_s", "greens_n"])
