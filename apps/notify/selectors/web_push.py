"""The public half of the key that signs our Web Pushes (RFC 8292)."""

import base64
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.utils.translation import gettext as _

from apps.base.problems import Unavailable


def public_key() -> str:
    """As browsers want it. Raises Unavailable."""
    path = settings.WEB_PUSH_KEY_FILE
    if not path or not Path(path).exists():
        raise Unavailable(_("Messages to browsers are not set up here."), retry_after_s=3600)
    return _read(path)


@lru_cache(maxsize=4)
def _read(path: str) -> str:
    key = load_pem_private_key(Path(path).read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")
