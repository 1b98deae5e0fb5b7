"""Binding the lights of traffic's junctions to a build's crossings, by position."""

import hashlib

from django.db import transaction

from apps.navigation.core.binding import bind
from apps.navigation.core.graph import WalkGraph
from apps.navigation.models import BoundSignal, GraphBuild
from apps.navigation.snapshot.graphs import mapped_terrain
from apps.traffic.selectors.crossings import CrossingSignal, crossing_signals


@transaction.atomic
def bind_signals(*, build: GraphBuild, graph: WalkGraph) -> int:
    """Bind anew; how many segments of crossings have lights now."""
    signals = crossing_signals()
    bound = bind(graph, {signal.pk: signal.line for signal in signals})
    build.signals.all().delete()
    BoundSignal.objects.bulk_create(
        BoundSignal(build=build, segment=segment, group_id=group)
        for segment, group in bound.items()
    )
    build.report["signals"] = {"of": _digest(signals), "segments_n": len(bound)}
    build.save(update_fields=["report"])
    return len(bound)


def bind_if_stale() -> int | None:
    """Bind the newest build's crossings anew if heads came, went or moved since."""
    build = GraphBuild.objects.ready().first()
    if build is None:
        return None
    known = build.report.get("signals", {}).get("of")
    if known == _digest(crossing_signals()):
        return None
    try:
        terrain = mapped_terrain(build.code)
    except FileNotFoundError:  # built on another host, which binds it
        return None
    return bind_signals(build=build, graph=terrain.graph)


def _digest(signals: list[CrossingSignal]) -> str:
    return hashlib.sha256(repr(signals).encode()).hexdigest()[:16]
