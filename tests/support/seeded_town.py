"""Seeds Dalbit into the database that the environment names; run as a process of its own.

    python -m tests.support.seeded_town KEY_FILE

The gateways' keys go to KEY_FILE, not to the checkout's own file: a town that is running keeps its.
"""

import json
import sys
from pathlib import Path

import django

django.setup()

# These need Django to be set up, hence E402.
from apps.complaints.services.provisioning import admit_client  # noqa: E402
from citizen.demo.seed import (  # noqa: E402
    car_parks,
    complaints,
    drt,
    gateway_keys,
    graph,
    lifts,
    parking_terms,
    town_map,
)
from citizen.demo.world.town import SEED, build_town  # noqa: E402


def seed(key_file: Path) -> None:
    gateway_keys.KEY_FILE = key_file
    town = build_town(SEED)
    town_map.seed_map(town)
    car_parks.seed_car_parks(town)
    parking_terms.seed_parking_terms(town)
    drt.seed_rides(town)
    complaints.seed_complaints(town, past=12)
    _client, key = admit_client(code="contractor", name="Contractor", may_update=True)
    key_file.write_text(json.dumps({**json.loads(key_file.read_text()), "open311": key}))
    graph.seed_graph(town)
    lifts.seed_lifts(town)


if __name__ == "__main__":
    seed(Path(sys.argv[1]))
