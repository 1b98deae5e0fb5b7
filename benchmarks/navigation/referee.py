"""An independent check of ways against the file: which known limits does a way break?

It reads the extract again with rules of its own, written from the OSM wiki and not from the
product's readers, and sees of
a way only its OSM ids and node order. It judges lengths of ways by their tags and kerbs and
barriers by the nodes passed.
Where the file leaves a direction open it takes the milder reading, so what it reports is a
violation for certain.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import osmium
from osmium.osm import Node, Way

from apps.accounts.core.mobility import SMOOTHNESS, MobilityProfile

_ROADS = {
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "service",
    "living_street",
}
_UNPASSABLE_ON_WHEELS = {
    "stile",
    "turnstile",
    "kissing_gate",
    "full-height_turnstile",
    "log",
    "debris",
}


@dataclass(frozen=True)
class Passage:
    """One stretch of a way as the referee sees it: the OSM way and the nodes passed in order."""

    way_id: int
    nodes: tuple[int, ...]
    is_tagged_pavement: bool = False


@dataclass
class Referee:
    """Tags of every way and tagged node of one file."""

    ways: dict[int, dict[str, str]] = field(default_factory=dict)
    way_nodes: dict[int, list[int]] = field(default_factory=dict)
    nodes: dict[int, dict[str, str]] = field(default_factory=dict)

    def read(self, path: Path) -> "Referee":
        for entity in osmium.FileProcessor(str(path)):
            if isinstance(entity, Way):
                self.ways[entity.id] = {t.k: t.v for t in entity.tags}
                self.way_nodes[entity.id] = [n.ref for n in entity.nodes]
            elif isinstance(entity, Node) and len(entity.tags):
                self.nodes[entity.id] = {t.k: t.v for t in entity.tags}
        return self

    def violations(self, passages: list[Passage], person: MobilityProfile) -> list[str]:
        found = [v for passage in passages for v in self._on_way(passage, person)]
        for before, after in itertools.pairwise(passages):
            found += self._at_node(before, after, person)
        return found

    # ------------------------------------------------------------ along ways

    def _on_way(self, passage: Passage, person: MobilityProfile) -> Iterator[str]:
        tags = self.ways.get(passage.way_id)
        if tags is None:
            return
        if passage.is_tagged_pavement:
            tags = _pavement_tags(tags)
        where = f"way/{passage.way_id}"
        yield from self._grade(passage, tags, person, where)
        if tags.get("highway") == "steps" and not _ramped(tags, person):
            yield from _steps(tags, person, where)
        if person.is_wheelchair and tags.get("wheelchair") == "no":
            yield f"{where} wheelchair=no"
        rank = _smoothness_rank(tags.get("smoothness"))
        if person.worst_smoothness and rank > SMOOTHNESS.index(person.worst_smoothness):
            yield f"{where} smoothness={tags['smoothness']}"
        width = None if tags.get("highway") in _ROADS else _metres(tags.get("width"))
        if width is not None and person.min_width_m and width < person.min_width_m - 1e-6:
            yield f"{where} width={tags['width']}"

    def _grade(
        self, passage: Passage, tags: dict[str, str], person: MobilityProfile, where: str
    ) -> Iterator[str]:
        percent = _percent(tags.get("incline"))
        if percent is None or tags.get("highway") == "steps" or len(passage.nodes) < 2:
            return
        along = self._goes_along(passage)
        if along is None:
            return
        rise = percent if along else -percent
        if person.max_incline_up_pct is not None and rise > person.max_incline_up_pct + 1e-6:
            yield f"{where} up {rise}"
        if person.max_incline_down_pct is not None and -rise > person.max_incline_down_pct + 1e-6:
            yield f"{where} down {rise}"

    def _goes_along(self, passage: Passage) -> bool | None:
        nodes = self.way_nodes[passage.way_id]
        pairs = set(itertools.pairwise(nodes))
        step = passage.nodes[0], passage.nodes[1]
        if step in pairs:
            return True
        return False if step[::-1] in pairs else None

    # ------------------------------------------------------------ through nodes

    def _at_node(self, before: Passage, after: Passage, person: MobilityProfile) -> Iterator[str]:
        if not before.nodes or not after.nodes or before.nodes[-1] != after.nodes[0]:
            return
        node = after.nodes[0]
        tags = self.nodes.get(node, {})
        if before.is_tagged_pavement or after.is_tagged_pavement:
            return
        yield from self._kerb(before, after, tags, person, f"node/{node}")
        yield from self._barrier(tags, person, f"node/{node}")

    def _barrier(self, tags: dict[str, str], person: MobilityProfile, where: str) -> Iterator[str]:
        is_vouched = tags.get("wheelchair") in ("yes", "designated")
        is_unpassable = tags.get("barrier") in _UNPASSABLE_ON_WHEELS
        if person.has_wheels and is_unpassable and not is_vouched:
            yield f"{where} barrier={tags['barrier']}"
        gap = _metres(tags.get("maxwidth:physical"))
        least = person.min_width_m or 0.0
        if "barrier" in tags and gap is not None and gap < least - 1e-6:
            yield f"{where} maxwidth:physical={gap}"

    def _kerb(
        self,
        before: Passage,
        after: Passage,
        tags: dict[str, str],
        person: MobilityProfile,
        where: str,
    ) -> Iterator[str]:
        height = _kerb_cm(tags)
        if height is None or tags.get("highway") in ("crossing", "traffic_signals"):
            return
        from_road, to_road = self._is_road(before), self._is_road(after)
        if from_road == to_road and before.way_id != after.way_id:
            return  # along the pavement past a kerb, or along the road
        limits = (person.max_kerb_up_cm, person.max_kerb_down_cm)
        if from_road == to_road:
            milder = None if None in limits else max(limit for limit in limits if limit is not None)
        else:
            milder = limits[0] if from_road else limits[1]
        if milder is not None and height > milder + 1e-6:
            yield f"{where} kerb {height} cm"

    def _is_road(self, passage: Passage) -> bool:
        tags = self.ways.get(passage.way_id, {})
        is_crossing = "crossing" in (tags.get("footway"), tags.get("path"), tags.get("cycleway"))
        return is_crossing or tags.get("highway") in _ROADS


def _pavement_tags(tags: dict[str, str]) -> dict[str, str]:
    """What is certain of both pavements of a road: tags said of both sides, and the road's own
    grade.
    """
    own = {
        key.removeprefix("sidewalk:both:"): value
        for key, value in tags.items()
        if key.startswith("sidewalk:both:")
    }
    if "incline" in tags and not any(re.match(r"sidewalk:\w+:incline$", key) for key in tags):
        own["incline"] = tags["incline"]
    return own


def _steps(tags: dict[str, str], person: MobilityProfile, where: str) -> Iterator[str]:
    if tags.get("conveying", "no") != "no":
        if not person.takes_escalators:
            yield f"{where} escalator"
    elif person.max_steps == 0:
        yield f"{where} steps"
    elif person.max_steps is not None and _counted(tags) > person.max_steps:
        yield f"{where} {tags['step_count']} steps"


def _counted(tags: dict[str, str]) -> int:
    text = tags.get("step_count", "")
    return int(text) if text.isdigit() else 0


def _ramped(tags: dict[str, str], person: MobilityProfile) -> bool:
    if tags.get("conveying", "no") != "no":
        return False
    vouched = tags.get("ramp:wheelchair") == "yes" or tags.get("wheelchair") in (
        "yes",
        "designated",
    )
    if person.is_wheelchair:
        return vouched
    return person.base == "pushchair" and (vouched or tags.get("ramp:stroller") == "yes")


def _smoothness_rank(text: str | None) -> int:
    ranks = [SMOOTHNESS.index(w) for w in (text or "").split(";") if w in SMOOTHNESS]
    return max(ranks, default=-1)


def _metres(text: str | None) -> float | None:
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(m|cm)?\s*", text or "")
    if not found:
        return None
    return float(found[1]) * (0.01 if found[2] == "cm" else 1.0)


def _percent(text: str | None) -> float | None:
    found = re.fullmatch(r"\s*([+-]?\d+(?:\.\d+)?)\s*%\s*", text or "")
    return float(found[1]) if found else None


def _kerb_cm(tags: dict[str, str]) -> float | None:
    """A measured height, or what the class must at least be (wiki: raised is more than 3 cm)."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(m|cm)?\s*", tags.get("kerb:height", ""))
    if found:
        value = float(found[1])
        return value if found[2] == "cm" or value >= 1 else value * 100
    return 3.1 if tags.get("kerb") == "raised" else None
