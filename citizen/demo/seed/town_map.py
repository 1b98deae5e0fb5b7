"""Dalbit's map, through the importer that every real city's map takes."""

from apps.city.models import ImportRun
from apps.city.services.founding import Founding
from apps.city.services.map_imports import load_elements
from citizen.demo.world.town import Town

KOREA_CENTRAL_BELT_2010 = 5186  # Korea 2000 / Central Belt 2010, metres


def founding_of(town: Town) -> Founding:
    return Founding(
        code="dalbit",
        names={"": town.name_ko, "ko": town.name_ko, "en": town.name_en},
        time_zone="Asia/Seoul",
        country="KR",
        languages=("ko", "en"),
        srid=KOREA_CENTRAL_BELT_2010,
        attribution="달빛 Dalbit: a town that does not exist",
        centre=town.centre,
    )


def seed_map(town: Town) -> None:
    load_elements(
        elements=[*town.nodes, *town.ways, *town.relations],
        source=source_of(town),
        founding=founding_of(town),
    )


def source_of(town: Town) -> str:
    return f"dalbit {town.fingerprint[:16]}"


def is_seeded(source: str) -> bool:
    return ImportRun.objects.filter(source=source, state=ImportRun.State.DONE).exists()
