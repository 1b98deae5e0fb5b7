"""Many devices at once, from a list: good rows enter, the others are reported with the reason."""

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from apps.base import audit, clock
from apps.base.lists import RowError, UnreadableList
from apps.base.problems import Problem
from apps.city.models import ImportRun
from devices.importers.plans import PlannedRow, read_plans
from devices.models import Gateway
from devices.services.provisioning import provision_thing

MOST_ROWS = 50_000


def onboard(*, path: Path, gateway: Gateway, actor: str, source: str = "") -> ImportRun:
    """Put the things and datastreams of a list under a gateway. A list may come again: what is
    there is brought up to date.

    Raises:
        UnreadableList: the file is no CSV or GeoJSON, or too long; nothing changed.
    """
    run = ImportRun.objects.create(
        kind=ImportRun.Kind.DEVICES,
        source=f"{gateway.code}: {source or path.name}"[:200],
        started_at=clock.now(),
    )
    try:
        with transaction.atomic():
            found = _few_enough(read_plans(path))
            errors = [error for one in found if (error := _enter(gateway, one))]
            audit.record(
                actor=actor,
                action="devices.onboarded",
                subject=f"gateway:{gateway.code}",
                detail={"rows": len(found) - len(errors), "refused": len(errors)},
            )
        run.state = ImportRun.State.DONE
        run.counts = {"rows": len(found) - len(errors), "refused": len(errors)}
        run.errors = [error.as_dict() for error in errors]
    except Exception as error:
        run.state, run.errors = ImportRun.State.FAILED, [{"reason": str(error)}]
        raise
    finally:
        run.ended_at = clock.now()
        run.save(update_fields=["state", "counts", "errors", "ended_at"])
    return run


def _few_enough(rows: Iterable[PlannedRow | RowError]) -> list[PlannedRow | RowError]:
    found = []
    for one in rows:
        found.append(one)
        if len(found) > MOST_ROWS:
            raise UnreadableList(_("At most %d rows at once.") % MOST_ROWS)
    return found


def _enter(gateway: Gateway, one: PlannedRow | RowError) -> RowError | None:
    if isinstance(one, RowError):
        return one
    try:
        with transaction.atomic():
            provision_thing(gateway=gateway, plan=one.plan)
    except Problem as problem:
        reasons = [f"{field}: {text}" for field, text in problem.errors.items()]
        return RowError(one.row, "; ".join(reasons) or str(problem.title))
    return None
