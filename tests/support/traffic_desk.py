"""What the streets do in the town, for browser tests; run as a process of its own.

python -m tests.support.traffic_desk roads           streets flow or stand, two incidents are open
python -m tests.support.traffic_desk clear           the incidents are over
python -m tests.support.traffic_desk lights ASPECT LEAST_S
        every walkers' head shows ASPECT, and LEAST_S more at least, until this process is ended
python -m tests.support.traffic_desk junction        one was under command for a week; prints its id
"""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

# These need Django to be set up, hence E402.
from django.contrib.gis.geos import Point  # noqa: E402

from apps.base import clock  # noqa: E402
from apps.city.models import the_city  # noqa: E402
from apps.navigation.services.signals import bind_if_stale  # noqa: E402
from apps.traffic.core.fusion import Source  # noqa: E402
from apps.traffic.models import (  # noqa: E402
    Incident,
    Junction,
    JunctionMinute,
    JunctionState,
    Link,
    SignalCommand,
    SignalGroup,
)
from apps.traffic.services.control import record_command, switch_mode  # noqa: E402
from apps.traffic.services.incidents import Facts, clear_incident, report_incident  # noqa: E402
from apps.traffic.services.links import build_links  # noqa: E402
from apps.traffic.services.provisioning import provision_junction  # noqa: E402
from apps.traffic.services.speeds import Seen, note_seen  # noqa: E402
from apps.traffic.services.states import Heard, note_state  # noqa: E402
from apps.traffic.services.watches import Counted, note_counts  # noqa: E402
from citizen.demo.signals.plans import plans_of  # noqa: E402
from citizen.demo.world.town import SEED, build_town  # noqa: E402

SOURCE, EVERY_S = "web", 0.5
SHARES_OF_FREE = (0.95, 0.6, 0.35, 0.12)
WELL = JunctionState.Health.WELL
Outcome = SignalCommand.Outcome


def roads() -> None:
    if not Link.objects.exists():
        build_links()
    now, links = clock.now(), Link.objects.filter(in_use=True).order_by("pk")
    note_seen(seen=[
        Seen(link.pk, now, Source.DETECTOR, link.free_mps * SHARES_OF_FREE[n % 4], 20)
        for n, link in enumerate(links)
    ])  # fmt: skip
    centre = the_city().centre
    works = Facts(
        kind="road_works", severity=2, geom=Point(centre.x + 0.002, centre.y, srid=4326),
        description="상수도관 교체", expected_until=now + timedelta(hours=3),
    )  # fmt: skip
    crash = Facts(kind="accident", severity=3, geom=Point(centre.x, centre.y + 0.002, srid=4326))
    for reference, facts in (("works", works), ("crash", crash)):
        report_incident(source=SOURCE, reference=reference, facts=facts, actor="test")


def clear() -> None:
    for incident in Incident.objects.open().filter(source=SOURCE):
        clear_incident(incident=incident, actor="test")


def lights(aspect: str, least_s: str) -> None:
    _junctions()
    groups = list(SignalGroup.objects.filter(stream="walkers").select_related("junction"))
    sys.stdout.write("shining\n")
    sys.stdout.flush()
    while True:
        for junction in {group.junction for group in groups}:
            rows = [_row(g, aspect, float(least_s)) for g in groups if g.junction == junction]
            note_state(junction=junction, heard=Heard(at=clock.now(), health=WELL, groups=rows))
        time.sleep(EVERY_S)


def _row(group: SignalGroup, aspect: str, least_s: float) -> dict[str, Any]:
    now = clock.now()
    end = (now + timedelta(seconds=least_s)).isoformat() if least_s else None
    return {
        "group": group.number, "stream": "walkers", "aspect": aspect,
        "since_at": now.isoformat(), "min_end_at": end, "max_end_at": end,
    }  # fmt: skip


def junction() -> None:
    """Seven days on its own, seven under command."""
    _junctions()
    row = Junction.objects.order_by("code")[0]
    now = clock.now().replace(second=0, microsecond=0)
    JunctionMinute.objects.bulk_create(
        (
            JunctionMinute(
                junction=row, at=now - timedelta(days=day, minutes=minute),
                mode="adaptive" if day < 7 else "local", vehicles=10 + (day + minute) % 3,
                waited_s=(130 if day < 7 else 210) + 7 * (day % 3), walker_longest_s=40 + day % 5,
            )
            for day in range(14)
            for minute in range(30)
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    for mode in ("shadow", "adaptive"):
        switch_mode(junction=row, mode=mode, actor="test")
    shown = [
        {"group": group.number, "stream": group.stream, "aspect": "green" if n == 0 else "red"}
        for n, group in enumerate(row.groups.order_by("number"))
    ]
    heard = Heard(at=clock.now(), health=WELL, groups=shown, stage=0, preempted=[2])
    note_state(junction=row, heard=heard)
    note_counts(junction=row, sequence=1, period_s=30, counted=[Counted(1, 6, 0.2)])
    record_command(junction=row, stage=0, wanted=1, why="wished for", outcome=Outcome.OBEYED,
                   cost=212.0, cost_of_staying=341.0)  # fmt: skip
    record_command(junction=row, stage=1, wanted=1, outcome=Outcome.ASIDE,
                   why="preemption 2: the strategy stands aside")  # fmt: skip
    sys.stdout.write(f"{row.pk}\n")


def _junctions() -> None:
    if not Junction.objects.exists():
        for plan in plans_of(build_town(SEED)):
            provision_junction(plan=plan)
    bind_if_stale()


if __name__ == "__main__":
    orders: dict[str, Callable[..., None]] = {
        "roads": roads,
        "clear": clear,
        "lights": lights,
        "junction": junction,
    }
    orders[sys.argv[1]](*sys.argv[2:])
