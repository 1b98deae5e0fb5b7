"""Land cover and use: what fills the map between the streets. Rings are metres of the plane."""

from dataclasses import dataclass

import numpy as np

from apps.city.core.osm import Member
from citizen.demo.world.elements import ElementBook
from citizen.demo.world.lines import arc, at_many, offset, smooth
from citizen.demo.world.plane import HALF_M, Floats, Point
from citizen.demo.world.river import CHANNEL_HALF_M, River
from citizen.demo.world.street_tags import names
from citizen.demo.world.terrain import ESCARPMENT


@dataclass(frozen=True)
class Area:
    ring: tuple[Point, ...]
    tags: dict[str, str]
    name_ko: str = ""
    name_en: str = ""


WOOD = {"natural": "wood", "leaf_type": "mixed"}
FARM = {"landuse": "farmland", "crop": "rice"}
PARK = {"leisure": "park"}
HOMES = {"landuse": "residential"}
SHOPS = {"landuse": "commercial"}

AREAS = (
    Area(((-1000, 1000), (-150, 1000), (-165, 830), (-240, 730), (-330, 655), (-470, 640),
          (-600, 560), (-720, 430), (-790, 300), (-1000, 265)), WOOD, "달빛산", "Dalbitsan Woods"),
    Area(((690, 1000), (690, 790), (765, 720), (835, 690), (930, 620), (935, 490), (1000, 470),
          (1000, 1000)), WOOD, "동산숲", "Dongsan Forest"),
    Area(((-1000, -1000), (-770, -1000), (-760, -910), (-1000, -840)), WOOD),
    Area(((400, 1000), (590, 1000), (545, 860), (500, 790), (395, 840)), WOOD),
    Area(((-1000, -80), (-850, -62), (-770, -48), (-772, 55), (-850, 128), (-1000, 175)), FARM),
    Area(((-1000, -452), (-712, -410), (-712, -322), (-1000, -400)), FARM),
    Area(((-1000, -665), (-720, -605), (-725, -752), (-1000, -782)), FARM),
    Area(((890, -545), (1000, -580), (1000, -310), (890, -290)),
         {"landuse": "greenhouse_horticulture"}),
    Area(((210, 1000), (270, 1000), (250, 860), (215, 740), (190, 780)), FARM),
    Area(((-720, -40), (-480, 30), (-330, 85), (-205, 125), (-50, 185), (45, 295), (62, 465),
          (-20, 455), (-150, 350), (-240, 200), (-480, 165), (-725, 55)), HOMES,
         "아랫달빛", "Lower Dalbit"),
    Area(((-650, 300), (-480, 395), (-286, 455), (-170, 560), (-110, 700), (-260, 640),
          (-430, 590), (-570, 480), (-700, 380)), HOMES, "윗달빛", "Upper Dalbit"),
    Area(((-680, -415), (-450, -355), (-75, -285), (300, -255), (335, -95), (245, -58),
          (140, -38), (20, -98), (-120, -165), (-450, -235), (-685, -310)), HOMES),
    Area(((-440, -372), (-75, -305), (140, -290), (300, -275), (295, -395), (150, -392),
          (-60, -382), (-430, -470)), SHOPS, "역전", "Station Front"),
    Area(((-690, -650), (-450, -600), (-50, -540), (195, -530), (300, -560), (705, -600),
          (990, -700), (990, -1000), (-690, -1000)), HOMES, "별빛지구", "Byeolbit New Town"),
    Area(((350, -85), (520, -255), (1000, -280), (1000, 190), (690, 160), (405, 138)), HOMES),
    Area(((330, 480), (340, 600), (400, 720), (740, 740), (880, 610), (860, 420), (475, 470)),
         HOMES, "은행골", "Eunhaenggol"),
    Area(((538, -78), (697, -66), (704, -148), (640, -180), (578, -174), (533, -140)), PARK,
         "별빛중앙공원", "Byeolbit Central Park"),
    Area(((336, 362), (380, 345), (432, 316), (456, 438), (346, 450)), PARK,
         "은행공원", "Eunhaeng Park"),
    Area(((-162, 545), (-112, 472), (-50, 540), (-30, 600), (-70, 640), (-110, 612)), PARK,
         "성벽공원", "City Wall Park"),
    Area(((-660, -150), (-560, -120), (-555, -100), (-655, -128)),
         {"leisure": "pitch", "sport": "gateball"}, "강변 게이트볼장", "Riverside Gateball Court"),
    Area(((218, -868), (285, -870), (285, -970), (215, -968)), PARK,
         "샛별어린이공원", "Saetbyeol Children's Park"),
)  # fmt: skip
SPORTS_PARK = (
    Area(((212, 2), (322, -66), (366, 50), (376, 128), (332, 178), (296, 170), (282, 60)), PARK,
         "강변체육공원", "Riverside Sports Park"),
    Area(((252, 4), (318, -34), (346, 34), (280, 72)), {"leisure": "pitch", "sport": "soccer"},
         "강변축구장", "Riverside Football Pitch"),
    Area(((300, 96), (346, 78), (358, 112), (312, 130)), {"leisure": "pitch", "sport": "tennis"}),
)  # fmt: skip
POND: tuple[Point, ...] = (
    (590, -105), (612, -96), (640, -98), (662, -112), (655, -132), (628, -140), (600, -130),
)  # fmt: skip


def write_areas(book: ElementBook) -> None:
    for area in (*AREAS, *SPORTS_PARK):
        book.ring(area.ring, area.tags | names(area.name_ko, area.name_en))
    book.ring(POND, {"natural": "water", "water": "pond"} | names("별못", "Star Pond"))


def write_river(book: ElementBook, river: River) -> None:
    """The stream's line, its water, and the park on both banks up to the foot of the levees."""
    name = names("달빛천", "Dalbitcheon")
    middle = _inside(river.line)
    book.way(_nodes(book, middle), {"waterway": "river"} | name)
    water = _band(river, -CHANNEL_HALF_M, CHANNEL_HALF_M)
    book.ring(water, {"natural": "water", "water": "river"} | name)
    parts = []
    for low, high in ((-56.0, -CHANNEL_HALF_M - 3), (CHANNEL_HALF_M + 3, 56.0)):
        tags = {"landuse": "grass", "flood_prone": "yes"}
        parts.append(book.ring(_band(river, low, high), tags))
    for side in (-70.0, 70.0):
        levee = _inside(offset(river.line, side))
        book.way(_nodes(book, levee), {"man_made": "embankment"})
    members = [Member("way", way_id, "outer") for way_id in parts]
    park = {"type": "multipolygon", "leisure": "park", "flood_prone": "yes"}
    book.relation(members, park | names("달빛천 수변공원", "Dalbitcheon Riverside Park"))


def _inside(line: Floats) -> Floats:
    """The part within the town, up to its very edge."""
    s_m = np.arange(0.0, arc(line)[-1], 6.0)
    dense = at_many(line, s_m)
    kept = dense[(np.abs(dense) <= HALF_M).all(axis=1)]
    return np.vstack([kept[::3], kept[-1:]])


def _band(river: River, low_m: float, high_m: float) -> list[Point]:
    left, right = _inside(offset(river.line, high_m)), _inside(offset(river.line, low_m))
    return [(float(x), float(y)) for x, y in np.vstack([left, right[::-1]])]


def _nodes(book: ElementBook, line: Floats) -> list[int]:
    return [book.node((float(x), float(y))) for x, y in line]


def write_city_wall(book: ElementBook) -> None:
    """What is left of the old wall stands on the escarpment, with gaps where ways go up."""
    tags = {"barrier": "city_wall", "historic": "citywalls"} | names("달빛읍성", "Dalbit Wall")
    line = smooth(ESCARPMENT[3:8], 8.0)
    for from_m, to_m in ((40, 95), (250, 338), (362, 470), (505, 640)):
        book.way(_nodes(book, at_many(line, np.arange(from_m, to_m, 8.0))), tags)
