"""A photo sent by LINE is fetched when the message is answered, and taken in as any other."""

import urllib.request

from django.conf import settings

from apps.base.problems import Problem
from apps.complaints.services.photos import take_photo

TIMEOUT_S = 10


def fetch_photo(reference: str) -> str:
    """The token of the photo that LINE knows by this number; nothing if there is none to be had."""
    if not reference.isalnum():
        return ""
    address = f"{settings.LINE_DATA_URL}/v2/bot/message/{reference}/content"
    headers = {"Authorization": f"Bearer {settings.LINE_TOKEN}"}
    asked = urllib.request.Request(address, headers=headers)  # noqa: S310 - the operator's address
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT_S) as answer:  # noqa: S310
            content = answer.read(settings.MAX_UPLOAD_BYTES + 1)
        return take_photo(content=content).token
    except (OSError, Problem):
        return ""
