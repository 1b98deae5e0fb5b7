"""The demo town's gateways, and where their simulators find their keys.

Citizen keeps only hashes; the keys stand in a file of the checkout that its owner alone may read.
"""

import json

from django.conf import settings

from citizen.demo.world.town import Town
from devices.models import Gateway
from devices.services.gateways import create_gateway, rotate_key

KEY_FILE = settings.BASE_DIR / ".run" / "demo-gateways.json"
ACTOR = "demo:seed"


def gateway_of(town: Town, code: str) -> Gateway:
    """The gateway, made with a key for its simulator if either is not there yet."""
    plan = next(gateway for gateway in town.gateways if gateway.code == code)
    keys = read_keys()
    row = Gateway.objects.filter(code=code).first()
    if row is None:
        names = {"": plan.name_ko, "ko": plan.name_ko, "en": plan.name_en}
        row, keys[code] = create_gateway(code=code, names=names, actor=ACTOR)
        _write_keys(keys)
    elif code not in keys:
        keys[code] = rotate_key(gateway=row, actor=ACTOR)
        _write_keys(keys)
    return row


def read_keys() -> dict[str, str]:
    """Gateway code → key."""
    if not KEY_FILE.exists():
        return {}
    keys: dict[str, str] = json.loads(KEY_FILE.read_text())
    return keys


def _write_keys(keys: dict[str, str]) -> None:
    KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
    KEY_FILE.touch(mode=0o600)
    KEY_FILE.write_text(json.dumps(keys, indent=1))
