"""A secret that must wait in a row until it is delivered: encrypted with the deployment's key
(Fernet: AES-128-CBC with HMAC-SHA256), so that the database alone does not give it away."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet
from django.conf import settings


def _box() -> Fernet:
    # The label is part of the key of every row sealed so far: it stays as it is.
    secret = sha256(b"devices.sealing:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(urlsafe_b64encode(secret))


def seal(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises cryptography.fernet.InvalidToken if it was not sealed with this key."""
    return _box().decrypt(sealed.encode()).decode()
