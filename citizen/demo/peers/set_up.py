"""The demo town's keys for its peers: made once for a checkout, readable by its owner alone."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from citizen.demo.peers.certificates import make_account, make_certificate, make_web_push_key

FOLDER = settings.BASE_DIR / ".run" / "demo-peers"


@dataclass(frozen=True)
class Keys:
    certificate: tuple[Path, Path]
    account: Path
    web_push: Path


def ensure_keys() -> Keys:
    """Where the settings of a demo look for them; the port stands in the account's address."""
    keys = Keys(
        (FOLDER / "peer.pem", FOLDER / "peer.key"),
        FOLDER / "fcm-account.json",
        FOLDER / "web-push.pem",
    )
    token_uri = f"https://localhost:{settings.PEERS_PORT}/token"
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not keys.certificate[0].exists():
        make_certificate(FOLDER)
    if not keys.account.exists() or token_uri not in keys.account.read_text():
        make_account(FOLDER, token_uri=token_uri)
    if not keys.web_push.exists():
        make_web_push_key(FOLDER)
    return keys
