"""Grounds with a purpose: schools, the hospital, the town halls … with their own buildings."""

from dataclasses import dataclass

from citizen.demo.world.plane import Point

Block = tuple[float, float, float, float, float, int]


@dataclass(frozen=True)
class SitePlan:
    """`blocks` are buildings: x, y of the centre, width, depth, heading in degrees, storeys.

    `door` is where one goes in; a way leads from there to the nearest pavement.
    """

    key: str
    kind: str
    name_ko: str
    name_en: str
    tags: dict[str, str]
    ring: tuple[Point, ...]
    blocks: tuple[Block, ...]
    door: Point
    building: str = "public"
    shelter: bool = False


SITES = (
    SitePlan("old_town_hall", "town_hall", "옛 달빛관아", "Old Town Hall",
             {"amenity": "townhall", "historic": "building", "heritage": "2", "wheelchair": "yes",
              "start_date": "1796"},
             ((-472, 408), (-408, 415), (-410, 462), (-468, 456)),
             ((-440, 446, 34, 11, 8, 1), (-462, 430, 10, 20, 8, 1), (-418, 435, 10, 20, 8, 1)),
             (-440, 413), "civic"),
    SitePlan("old_school", "school", "옛 달빛초등학교", "Old Dalbit Elementary School",
             {"amenity": "community_centre", "historic": "building", "start_date": "1924",
              "old_name": "달빛공립보통학교"},
             ((-262, 562), (-184, 572), (-148, 628), (-150, 672), (-195, 668), (-245, 620)),
             ((-196, 640, 58, 12, 35, 2), (-226, 584, 26, 11, 6, 1)), (-176, 588), "school"),
    SitePlan("market", "market", "달빛장", "Dalbit Market",
             {"amenity": "marketplace", "opening_hours": "Mo-Su 07:00-20:00"},
             ((-272, 164), (-240, 167), (-247, 206), (-281, 207)),
             ((-260, 186, 28, 36, 8, 1),), (-241, 186), "retail"),
    SitePlan("city_hall", "city_hall", "달빛시청", "Dalbit City Hall",
             {"amenity": "townhall", "wheelchair": "yes"},
             ((552, -36), (682, -30), (682, 38), (555, 30)),
             ((620, 12, 84, 20, 2, 9), (588, -10, 26, 24, 2, 3)), (620, -2), "civic", True),
    SitePlan("hospital", "hospital", "달빛병원", "Dalbit General Hospital",
             {"amenity": "hospital", "emergency": "yes", "wheelchair": "yes"},
             ((716, 188), (842, 198), (850, 292), (722, 288)),
             ((786, 252, 70, 26, 3, 8), (750, 222, 30, 34, 3, 4), (820, 220, 24, 30, 3, 3)),
             (770, 214), "hospital", False),
    SitePlan("high_school", "school", "은행고등학교", "Eunhaeng High School",
             {"amenity": "school", "isced:level": "3"},
             ((580, 188), (674, 194), (684, 290), (594, 298)),
             ((638, 276, 66, 14, 3, 5), (604, 240, 14, 40, 3, 4)), (632, 200), "school", True),
    SitePlan("elementary_school", "school", "샛별초등학교", "Saetbyeol Elementary School",
             {"amenity": "school", "isced:level": "1"},
             ((-228, -868), (-94, -862), (-96, -962), (-226, -968)),
             ((-160, -944, 92, 14, 1, 4), (-112, -900, 14, 46, 1, 4)), (-160, -872), "school",
             True),
    SitePlan("middle_school", "school", "남천중학교", "Namcheon Middle School",
             {"amenity": "school", "isced:level": "2"},
             ((-432, -606), (-274, -578), (-276, -704), (-430, -716)),
             ((-352, -612, 96, 14, 10, 4), (-412, -660, 14, 50, 5, 4)), (-352, -706), "school",
             True),
    SitePlan("library", "library", "달빛도서관", "Dalbit Library",
             {"amenity": "library", "wheelchair": "yes"},
             ((36, -168), (126, -142), (122, -72), (42, -98)),
             ((82, -112, 52, 30, 14, 4),), (84, -150), "public", True),
    SitePlan("welfare_centre", "welfare_centre", "달빛종합복지관", "Dalbit Welfare Centre",
             {"amenity": "social_facility", "social_facility": "outreach", "wheelchair": "yes"},
             ((-428, -350), (-318, -320), (-314, -270), (-424, -290)),
             ((-372, -308, 60, 22, 14, 4),), (-366, -332), "public", True),
    SitePlan("sports_centre", "sports_centre", "별빛체육관", "Byeolbit Sports Centre",
             {"leisure": "sports_centre", "wheelchair": "yes"},
             ((376, -236), (500, -232), (502, -84), (388, -104)),
             ((450, -128, 74, 40, 5, 3),), (498, -128), "sports_hall", True),
    SitePlan("bus_terminal", "bus_station", "달빛버스터미널", "Dalbit Bus Terminal",
             {"amenity": "bus_station", "wheelchair": "yes"},
             ((170, -300), (284, -288), (278, -372), (172, -372)),
             ((208, -318, 56, 22, 5, 3),), (206, -302), "transportation"),
    SitePlan("fire_station", "fire_station", "달빛소방서", "Dalbit Fire Station",
             {"amenity": "fire_station"},
             ((740, -232), (832, -244), (828, -178), (738, -182)),
             ((782, -206, 44, 18, -6, 3),), (782, -222), "fire_station"),
    SitePlan("hyanggyo", "landmark", "달빛향교", "Dalbit Hyanggyo",
             {"historic": "yes", "heritage": "2", "tourism": "attraction"},
             ((-545, 520), (-500, 512), (-480, 552), (-520, 566)),
             ((-514, 548, 24, 9, -20, 1), (-516, 528, 20, 8, -20, 1)), (-508, 516), "civic"),
    SitePlan("temple", "temple", "월광사", "Wolgwangsa Temple",
             {"amenity": "place_of_worship", "religion": "buddhist"},
             ((-655, 690), (-600, 700), (-592, 742), (-650, 745)),
             ((-625, 730, 20, 11, 0, 1), (-642, 708, 9, 14, 0, 1)), (-608, 712), "temple"),
    SitePlan("senior_centre", "senior_centre", "아랫달빛 경로당", "Lower Dalbit Senior Centre",
             {"amenity": "social_facility", "social_facility:for": "senior"},
             ((-596, 96), (-562, 100), (-564, 132), (-598, 128)),
             ((-580, 114, 22, 14, 4, 2),), (-594, 112), "public", True),
    SitePlan("pump_station", "pump_station", "달빛배수펌프장", "Dalbit Pumping Station",
             {"man_made": "pumping_station"},
             ((-845, -70), (-812, -66), (-812, -40), (-843, -44)),
             ((-828, -55, 18, 12, 5, 1),), (-828, -62), "industrial"),
    SitePlan("drt_depot", "depot", "달빛이음 차고지", "Dalbit-Eum Depot",
             {"landuse": "depot", "operator": "달빛이음"},
             ((214, -536), (292, -540), (290, -600), (214, -606)),
             ((240, -592, 36, 14, 0, 1),), (222, -560), "garage"),
)  # fmt: skip
