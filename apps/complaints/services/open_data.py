"""The daily files for everybody."""

import hashlib
from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.db import transaction

from apps.base import clock
from apps.city.selectors.calendar import today
from apps.complaints.core.open_data import DECIMALS, WRITERS, OpenRow
from apps.complaints.models import OpenDataFile, ServiceRequest
from apps.complaints.selectors.requests import public_requests


def export_open_data() -> list[OpenDataFile]:
    """Today's files, where they are not there yet."""
    day = today()
    there = set(OpenDataFile.objects.filter(day_on=day).values_list("format", flat=True))
    missing = [form for form in WRITERS if form not in there]
    if not missing:
        return []
    rows = list(open_rows())
    return [_write(form, rows) for form in missing]


def open_rows() -> Iterator[OpenRow]:
    rows = public_requests().order_by("requested_at", "pk")
    for row in rows.iterator(chunk_size=2000):
        yield _open_row(row)


def _open_row(row: ServiceRequest) -> OpenRow:
    return OpenRow(
        number=row.number,
        service_code=row.service.service_code,
        service_group=row.service.group.code,
        status=row.open311_status,
        state=row.state,
        channel=row.channel,
        district=row.district_code,
        requested_at=row.requested_at,
        expected_at=row.expected_at,
        closed_at=row.closed_at,
        lon=round(row.geom.x, DECIMALS) if row.geom else None,
        lat=round(row.geom.y, DECIMALS) if row.geom else None,
    )


@transaction.atomic
def _write(form: str, rows: list[OpenRow]) -> OpenDataFile:
    content = WRITERS[form](rows)
    day = today()
    file = OpenDataFile(
        day_on=day, format=form, rows=len(rows), size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(), created_at=clock.now(),
    )  # fmt: skip
    file.file.save(f"complaints-{day}.{form}", ContentFile(content), save=False)
    file.save(force_insert=True)
    return file
