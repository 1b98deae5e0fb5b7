"""The demo town as conversations need it: its places, car parks, rides, catalogue, articles."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from citizen.demo.seed import (  # noqa: E402
    car_parks,
    complaints,
    drt,
    graph,
    knowledge,
    parking_terms,
    town_map,
)
from citizen.demo.world.town import SEED, build_town  # noqa: E402

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    town = build_town(SEED)
    town_map.seed_map(town)
    graph.seed_graph(town)
    car_parks.seed_car_parks(town)
    parking_terms.seed_parking_terms(town)
    drt.seed_rides(town)
    complaints.seed_complaints(town, past=0)
    knowledge.seed_knowledge(town)
