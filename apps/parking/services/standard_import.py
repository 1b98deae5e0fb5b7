"""Car parks of the Korean standard data set: good rows enter, the others are reported."""

from pathlib import Path

from django.db import transaction

from apps.base import audit, clock
from apps.base.lists import RowError
from apps.base.problems import Problem
from apps.city.models import ImportRun
from apps.parking.importers.korean_standard import StandardRow, read_standard
from apps.parking.models import ParkingSite, TariffAssignment
from apps.parking.services.provisioning import provision_site
from apps.parking.services.tariffs import assign_tariff, define_tariff


def import_standard(*, path: Path, actor: str, source: str = "") -> ImportRun:
    """Take in a list; one that comes again brings its rows up to date. A price that has changed is
    a new tariff from the row's own date on.

    Raises:
        UnreadableList: the file is no CSV; nothing changed.
    """
    run = ImportRun.objects.create(
        kind=ImportRun.Kind.PARKING, source=(source or path.name)[:200], started_at=clock.now()
    )
    errors: list[RowError] = []
    taken = 0
    try:
        with transaction.atomic():
            for one in read_standard(path):
                error = one if isinstance(one, RowError) else _enter(*one)
                if error:
                    errors.append(error)
                taken += not error
            detail = {"rows": taken, "refused": len(errors)}
            audit.record(
                actor=actor, action="parking.sites_imported", subject="parking", detail=detail
            )
        run.state, run.counts = ImportRun.State.DONE, detail
        run.errors = [error.as_dict() for error in errors]
    except Exception as error:
        run.state, run.errors = ImportRun.State.FAILED, [{"reason": str(error)}]
        raise
    finally:
        run.ended_at = clock.now()
        run.save(update_fields=["state", "counts", "errors", "ended_at"])
    return run


def _enter(place: int, row: StandardRow) -> RowError | None:
    try:
        with transaction.atomic():
            site = provision_site(row.plan)
            ParkingSite.objects.filter(pk=site.pk).update(
                siting=row.siting, price_grade=row.grade, plate_rule=row.plate_rule
            )
            if row.rules is not None:
                _price(site, row)
    except Problem as problem:
        reasons = "; ".join(str(text) for text in problem.errors.values())
        return RowError(place, reasons or str(problem.detail or problem.title))
    return None


def _price(site: ParkingSite, row: StandardRow) -> None:
    """The rules in force stay; others follow them from the row's date on."""
    held = (
        TariffAssignment.objects.filter(site=site, category="", valid_on__endswith=None)
        .select_related("tariff")
        .first()
    )
    if held is not None and held.tariff.rules == row.rules:
        return
    tariff = define_tariff(
        code=f"{row.plan.code}-{row.as_of_on:%y%m%d}"[:60],
        names=dict(row.plan.names),
        rules=row.rules,
    )
    if held is not None:
        TariffAssignment.objects.filter(pk=held.pk).update(
            valid_on=(held.valid_on.lower, row.as_of_on)
        )
    assign_tariff(site=site, tariff=tariff, first_on=row.as_of_on)
