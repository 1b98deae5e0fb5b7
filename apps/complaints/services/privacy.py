"""Free text comes in through here: masked for everybody, sealed as it came, opened for a reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import audit, clock
from apps.base.problems import Invalid
from apps.base.sealing import seal, unseal
from apps.complaints.core.identifiers import find_identifiers, mask_identifiers
from apps.complaints.models import Original, OriginalAccess, ServiceRequest

REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text as it may be kept, and as it came if the two differ."""

    masked: str
    original: str = ""
    kinds: tuple[str, ...] = ()


def clean(text: str) -> Cleaned:
    """Mask what identifies a person."""
    text = text.strip().replace("\x00", "")
    found = find_identifiers(text)
    if not found:
        return Cleaned(text)
    kinds = tuple(sorted({finding.kind for finding in found}))
    return Cleaned(mask_identifiers(text, found), text, kinds)


def keep_original(*, request: ServiceRequest, field: str, cleaned: Cleaned) -> None:
    """Seal the words as they came, if masking changed them."""
    if cleaned.original:
        Original.objects.create(
            request=request,
            field=field,
            sealed=seal(cleaned.original),
            kinds=list(cleaned.kinds),
            created_at=clock.now(),
        )


def take_in(*, request: ServiceRequest, field: str, text: str) -> str:
    """Mask a text of a request, seal the original, return what may be kept."""
    cleaned = clean(text)
    keep_original(request=request, field=field, cleaned=cleaned)
    return cleaned.masked


@transaction.atomic
def reveal_originals(*, request: ServiceRequest, actor: str, reason: str) -> dict[str, str]:
    """The words as they came, by field. Whoever asks says why, and is written down.

    Raises Invalid without a reason.
    """
    reason = reason.strip()
    if not 4 <= len(reason) <= REASON_LENGTH:
        raise Invalid(errors={"reason": _("Say what for, in 4 to 300 letters.")})
    OriginalAccess.objects.create(request=request, actor=actor, reason=reason, at=clock.now())
    audit.record(
        actor=actor, action="complaints.original.revealed", subject=f"complaint:{request.number}"
    )
    return _opened(request.originals.all())


def _opened(rows: Iterable[Original]) -> dict[str, str]:
    return {row.field: unseal(row.sealed) for row in rows}


def opened_for_owner(request: ServiceRequest) -> dict[str, str]:
    """A person's own words, for the person: no staff looks, so none is written down."""
    return _opened(request.originals.all())
