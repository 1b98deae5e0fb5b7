"""The signature of exchanges and of notify: HMAC-SHA256 of the body under a secret both know."""

import hashlib
import hmac

HEADER = "X-Signature"


def is_signed(given: str, body: bytes, secret: str) -> bool:
    """In constant time; never without a secret."""
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(given.encode(), expected.encode())
