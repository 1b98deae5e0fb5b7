"""`manage.py seed_town`: the demo town Dalbit into this database; a second time changes nothing."""

import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from citizen.demo.models import SeedRun
from citizen.demo.seed import (
    alerts,
    cameras,
    car_parks,
    complaints,
    drt,
    graph,
    hazards,
    junctions,
    knowledge,
    lifts,
    parking_past,
    parking_terms,
    people,
    town_map,
    traffic,
    untrue_devices,
)
from citizen.demo.world.town import SEED, build_town

LOGIN_FILE = settings.BASE_DIR / ".run" / "demo-login.json"
EMAIL = "admin@dalbit.example"
SOURCES = Path(__file__).parents[2]


class Command(BaseCommand):
    help = "Puts the demo town Dalbit into this database."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        edition = _edition()
        if SeedRun.objects.filter(edition=edition).exists() and LOGIN_FILE.exists():
            self.stdout.write("Dalbit is there already.")
            return
        self.stdout.write("Building Dalbit …")
        town = build_town(SEED)
        with transaction.atomic():
            password = _login()["password"]
            if not town_map.is_seeded(town_map.source_of(town)):
                town_map.seed_map(town)
            graph.seed_graph(town)
            people.seed_people(town)
            people.seed_staff(town, password=password)
            car_parks.seed_car_parks(town)
            cameras.seed_cameras(town)
            parking_terms.seed_parking_terms(town)
            parking_past.seed_parking_past()
            untrue_devices.seed_untrue_devices(town)
            drt.seed_rides(town)
            junctions.seed_junctions(town)
            traffic.seed_traffic(town)
            hazards.seed_hazards(town)
            complaints.seed_complaints(town)
            lifts.seed_lifts(town)
            alerts.seed_alerts(town)
            knowledge.seed_knowledge(town)
            people.seed_login(email=EMAIL, password=password)
            SeedRun.objects.update_or_create(edition=edition)
        self.stdout.write(f"Dalbit has {len(town.people)} named people and a map.")


def _edition() -> str:
    """Changes with the code that makes the town."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _login() -> dict[str, str]:
    """The demo login, made once for a checkout and readable only by its owner."""
    if LOGIN_FILE.exists():
        kept: dict[str, str] = json.loads(LOGIN_FILE.read_text())
        return kept
    login = {"email": EMAIL, "password": secrets.token_urlsafe(9)}
    LOGIN_FILE.parent.mkdir(parents=True, exist_ok=True)
    LOGIN_FILE.touch(mode=0o600)
    LOGIN_FILE.write_text(json.dumps(login))
    return login
