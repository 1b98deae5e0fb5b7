"""Sources that are kept in touch with: set up, and what they tell taken through the one way in."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.base import clock
from apps.base.problems import Invalid
from apps.base.sealing import seal, unseal
from devices.adapters.linked import BadSettings, Rows, Target, adapters
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.models import Gateway, LinkedSource
from devices.protocols.batch import read_rows


def connect_source(
    *, code: str, kind: str, host: str, port: int, config: Mapping[str, Any], gateway: Gateway,
    secret: str = "", names: Mapping[str, str] | None = None,
) -> LinkedSource:  # fmt: skip
    """Say where a source is. The same code again brings it up to date. Raises Invalid."""
    check_settings(kind=kind, config=config)
    row, _created = LinkedSource.objects.update_or_create(
        code=code,
        defaults={
            "kind": kind, "host": host, "port": port, "config": dict(config), "gateway": gateway,
            "secret_sealed": seal(secret) if secret else "", "names": dict(names or {"": code}),
        },
    )  # fmt: skip
    return row


def check_settings(*, kind: str, config: Mapping[str, Any]) -> None:
    """Raises Invalid."""
    if kind not in adapters.kinds():
        raise Invalid(errors={"kind": kind})
    try:
        adapters.load(kind).check(config)
    except BadSettings as error:
        raise Invalid(errors={"config": str(error)}) from error


def target_of(source: LinkedSource) -> Target:
    secret = unseal(source.secret_sealed) if source.secret_sealed else ""
    return Target(source.code, source.host, source.port, source.config, secret)


@transaction.atomic
def take_rows(*, source: LinkedSource, rows: Rows) -> None:
    """Store what a source told."""
    receipt = accept(read_rows(list(rows)), known_as(source.gateway.code))
    row = LinkedSource.objects.select_for_update().get(pk=source.pk)
    for name in ("stored", "duplicate"):
        row.counts[name] = row.counts.get(name, 0) + getattr(receipt, name)
    row.counts["quarantined"] = row.counts.get("quarantined", 0) + len(receipt.quarantined)
    row.told_at, row.trouble = clock.now(), ""
    row.save(update_fields=["counts", "told_at", "trouble"])


def note_trouble(*, source: LinkedSource, trouble: str) -> None:
    LinkedSource.objects.filter(pk=source.pk).update(trouble=trouble[:300])


def sources_to_keep() -> list[LinkedSource]:
    """Those that are on, with their gateways."""
    kept = LinkedSource.objects.filter(active=True, gateway__active=True)
    return list(kept.select_related("gateway").order_by("pk"))
