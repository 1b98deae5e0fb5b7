"""Photos of reports: taken in, offered back with place and time, claimed by the report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import clock, tokens
from apps.base.media import keep_photo
from apps.base.problems import Conflict, Invalid
from apps.city.models import the_city
from apps.complaints.models import Attachment, ServiceRequest

TOKEN = "complaint-photo"  # noqa: S105 - a purpose
CLAIMED_WITHIN = timedelta(days=1)
MAX_PHOTOS = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """A photo taken in; where and when it was taken, if it says so, for the reporter to accept."""

    attachment: Attachment
    token: str
    taken_at: datetime | None
    lon: float | None
    lat: float | None


@transaction.atomic
def take_photo(*, content: bytes) -> Offer:
    """Take in one photo that no report claims yet. Raises TooLarge, UnsupportedMedia."""
    media = keep_photo(content)
    attachment = Attachment.objects.create(media=media, created_at=clock.now())
    lon, lat = media.taken_lon, media.taken_lat
    if lon is not None and lat is not None and not the_city().covers(lon, lat):
        lon = lat = None
    token = tokens.sign(TOKEN, str(attachment.code), lasts=CLAIMED_WITHIN)
    return Offer(attachment, token, media.taken_at, lon, lat)


def claim_photos(*, request: ServiceRequest, photo_tokens: Sequence[str]) -> int:
    """Make photos part of a report. Raises Invalid, Conflict, TokenForged, TokenExpired."""
    codes = [tokens.read(TOKEN, token) for token in photo_tokens]
    if len(set(codes)) + request.attachments.count() > MAX_PHOTOS:
        raise Invalid(errors={"photos": _("At most five photos.")})
    claimed = Attachment.objects.filter(code__in=codes, request=None).update(request=request)
    if claimed != len(set(codes)):
        raise Conflict(_("A photo belongs to another report already."))
    return claimed


@transaction.atomic
def publish_photo(*, attachment: Attachment, blurred: bytes) -> Attachment:
    """Staff hand in the picture that may be shown: faces and plates blurred."""
    attachment.blurred = keep_photo(blurred)
    attachment.save(update_fields=["blurred"])
    return attachment


@transaction.atomic
def hide_photo(*, attachment: Attachment) -> Attachment:
    attachment.blurred = None
    attachment.save(update_fields=["blurred"])
    return attachment
