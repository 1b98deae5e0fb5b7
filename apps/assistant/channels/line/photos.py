"""A photo sent by LINE is fetched when the message is answered, and taken in as any other."""

import requests
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
    try:
        answer = requests.get(address, headers=headers, timeout=TIMEOUT_S, stream=True)
        answer.raise_for_status()
        content = answer.raw.read(settings.MAX_UPLOAD_BYTES + 1)
        return take_photo(content=content).token
    except (requests.RequestException, Problem):
        return ""
