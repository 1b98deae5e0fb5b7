"""Named places that live in ordinary houses or outdoors: where each is wanted on the plan."""

from dataclasses import dataclass

from citizen.demo.world.plane import Point


@dataclass(frozen=True)
class PlacePlan:
    """An indoor place takes the nearest free house; an outdoor one stands exactly at `at`."""

    key: str
    kind: str
    name_ko: str
    name_en: str
    tags: dict[str, str]
    at: Point
    indoor: bool = True


def _p(key: str, kind: str, names: str, tag: str, at: Point, **more: str) -> PlacePlan:
    ko, en = names.split("|")
    name, value = tag.split("=")
    indoor = more.pop("indoor", "yes") == "yes"
    return PlacePlan(key, kind, ko, en, {name: value} | more, at, indoor)


PLACES = (
    _p("clinic_seodang", "clinic", "서당한의원|Seodang Korean Medicine Clinic", "amenity=clinic",
       (-300, 455)),
    _p("clinic_yeokjeon", "clinic", "역전내과의원|Yeokjeon Internal Medicine", "amenity=clinic",
       (-92, -260), wheelchair="yes"),
    _p("clinic_haneul", "clinic", "하늘소아과|Haneul Children's Clinic", "amenity=clinic",
       (530, -220), wheelchair="yes"),
    _p("dentist_byeol", "dentist", "별빛치과|Byeolbit Dental Clinic", "amenity=dentist",
       (640, -262)),
    _p("pharmacy_jangteo", "pharmacy", "장터약국|Jangteo Pharmacy", "amenity=pharmacy",
       (-214, 140)),
    _p("pharmacy_station", "pharmacy", "역전온누리약국|Station Pharmacy", "amenity=pharmacy",
       (-60, -320), wheelchair="yes"),
    _p("pharmacy_hospital", "pharmacy", "은행약국|Eunhaeng Pharmacy", "amenity=pharmacy",
       (740, 176)),
    _p("cafe_dalbich", "cafe", "달빛다방|Dalbit Dabang", "amenity=cafe", (-225, 150)),
    _p("cafe_seongbyeok", "cafe", "성벽아래 카페|Café Below the Wall", "amenity=cafe",
       (-170, 290)),
    _p("cafe_gwana", "cafe", "관아길 찻집|Gwana-gil Teahouse", "amenity=cafe", (-350, 412)),
    _p("cafe_noeul", "cafe", "노을카페|Café Noeul", "amenity=cafe", (858, -90), wheelchair="yes"),
    _p("cafe_park", "cafe", "별못카페|Star Pond Café", "amenity=cafe", (640, -48),
       wheelchair="yes"),
    _p("cafe_station", "cafe", "기차길옆 커피|Trackside Coffee", "amenity=cafe", (-30, -366),
       wheelchair="limited"),
    _p("restaurant_gukbap", "restaurant", "장터국밥|Jangteo Gukbap", "amenity=restaurant",
       (-240, 218)),
    _p("restaurant_kalguksu", "restaurant", "우물집칼국수|Umuljip Noodles", "amenity=restaurant",
       (-120, 236)),
    _p("restaurant_dakgalbi", "restaurant", "철길닭갈비|Cheolgil Dakgalbi", "amenity=restaurant",
       (60, -372)),
    _p("restaurant_eunhaeng", "restaurant", "은행골 쌈밥|Eunhaenggol Ssambap",
       "amenity=restaurant", (540, 450)),
    _p("bakery_onggi", "bakery", "옹기빵집|Onggi Bakery", "shop=bakery", (-350, 150)),
    _p("bakery_saetbyeol", "bakery", "샛별제과|Saetbyeol Bakery", "shop=bakery", (-62, -660)),
    _p("supermarket_byeolbit", "supermarket", "별빛마트|Byeolbit Mart", "shop=supermarket",
       (420, -270), wheelchair="yes"),
    _p("supermarket_namcheon", "supermarket", "남천슈퍼|Namcheon Super", "shop=supermarket",
       (-300, -715)),
    _p("convenience_gangbyeon", "convenience", "강변편의점|Gangbyeon Convenience",
       "shop=convenience", (-400, 48)),
    _p("convenience_hospital", "convenience", "병원앞 편의점|Hospital Corner Store",
       "shop=convenience", (700, 220)),
    _p("hardware_daejang", "shop", "대장간 철물|Daejanggan Hardware", "shop=hardware",
       (-612, 100)),
    _p("craft_bangja", "shop", "방짜유기공방|Bangja Brass Workshop", "craft=metal_construction",
       (-474, 100)),
    _p("craft_hanji", "shop", "한지공방|Hanji Paper Workshop", "craft=paper", (-410, 134)),
    _p("bookshop", "shop", "별하책방|Byeolha Bookshop", "shop=books", (600, -342)),
    _p("hairdresser", "shop", "누비미용실|Nubi Hair", "shop=hairdresser", (-540, 80)),
    _p("mobility_shop", "shop", "다솜보장구|Dasom Mobility Aids", "shop=medical_supply",
       (700, 130), wheelchair="yes"),
    _p("bank_jungang", "bank", "달빛은행 중앙점|Dalbit Bank Jungang", "amenity=bank", (120, -292),
       wheelchair="yes"),
    _p("bank_gangbyeon", "bank", "달빛은행 강변점|Dalbit Bank Gangbyeon", "amenity=bank",
       (-230, 96)),
    _p("post_office", "post_office", "달빛우체국|Dalbit Post Office", "amenity=post_office",
       (-180, -305), wheelchair="yes"),
    _p("post_upper", "post_office", "윗달빛우편취급소|Upper Dalbit Post Counter",
       "amenity=post_office", (-240, 490)),
    _p("police_station", "police", "달빛경찰서|Dalbit Police Station", "amenity=police",
       (420, -244), wheelchair="yes"),
    _p("police_box", "police", "장터파출소|Jangteo Police Box", "amenity=police", (-130, 152)),
    _p("community_dalmaru", "community_centre", "달마루동 행정복지센터|Dalmaru-dong Office",
       "amenity=townhall", (-330, 430), wheelchair="limited"),
    _p("community_gangbyeon", "community_centre", "강변동 행정복지센터|Gangbyeon-dong Office",
       "amenity=townhall", (-300, 92), wheelchair="yes"),
    _p("community_eunhaeng", "community_centre", "은행동 행정복지센터|Eunhaeng-dong Office",
       "amenity=townhall", (620, 444), wheelchair="yes"),
    _p("community_byeolbit", "community_centre", "별빛동 행정복지센터|Byeolbit-dong Office",
       "amenity=townhall", (420, -712), wheelchair="yes"),
    _p("kindergarten_dalnim", "kindergarten", "달님어린이집|Dalnim Nursery",
       "amenity=kindergarten", (150, -200)),
    _p("kindergarten_haneul", "kindergarten", "온누리유치원|Onnuri Kindergarten",
       "amenity=kindergarten", (500, -660)),
    _p("cinema", "cinema", "별빛극장|Byeolbit Cinema", "amenity=cinema", (560, -264),
       wheelchair="yes"),
    _p("museum", "museum", "방짜유기박물관|Brassware Museum", "tourism=museum", (-500, 380)),
    _p("guesthouse", "guest_house", "북촌한옥스테이|Bukchon Hanok Stay", "tourism=guest_house",
       (-110, 640)),
    _p("hotel", "hotel", "달빛호텔|Hotel Dalbit", "tourism=hotel", (20, -296), wheelchair="yes"),
    _p("bathhouse", "bathhouse", "우물목욕탕|Umul Bathhouse", "amenity=public_bath", (-60, 270)),
    _p("seniors_upper", "senior_centre", "윗달빛 경로당|Upper Dalbit Senior Centre",
       "amenity=social_facility", (-420, 520)),
    _p("church", "church", "은행교회|Eunhaeng Church", "amenity=place_of_worship", (590, 530),
       religion="christian"),
    _p("charging", "charging_station", "시청앞 전기차 충전소|City Hall EV Charging",
       "amenity=charging_station", (560, -44), indoor="no"),
    _p("toilet_station", "toilets", "역광장 공중화장실|Station Square Toilets", "amenity=toilets",
       (-92, -392), indoor="no", wheelchair="yes"),
    _p("toilet_market", "toilets", "장터 공중화장실|Market Toilets", "amenity=toilets",
       (-244, 158), indoor="no", wheelchair="limited"),
    _p("toilet_river", "toilets", "수변공원 화장실|Riverside Toilets", "amenity=toilets",
       (-300, 14), indoor="no", wheelchair="yes"),
    _p("viewpoint", "viewpoint", "해맞이 전망대|Haemaji Viewpoint", "tourism=viewpoint",
       (-352, 780), indoor="no"),
    _p("pavilion", "pavilion", "달맞이정|Dalmaji Pavilion", "amenity=shelter", (-420, 336),
       indoor="no"),
    _p("summit", "peak", "달빛산 정상|Dalbitsan Summit", "natural=peak", (-704, 908), indoor="no"),
    _p("spring", "drinking_water", "달빛약수터|Dalbit Spring", "amenity=drinking_water",
       (-862, 545), indoor="no"),
    _p("playground_park", "playground", "중앙공원 놀이터|Central Park Playground",
       "leisure=playground", (560, -110), indoor="no"),
    _p("playground_saetbyeol", "playground", "샛별놀이터|Saetbyeol Playground",
       "leisure=playground", (250, -900), indoor="no"),
    _p("park_central", "park", "별빛중앙공원|Byeolbit Central Park", "tourism=information",
       (640, -160), indoor="no"),
    _p("park_eunhaeng", "park", "은행공원|Eunhaeng Park", "tourism=information", (372, 352),
       indoor="no"),
    _p("park_wall", "park", "성벽공원|City Wall Park", "tourism=information", (-132, 500),
       indoor="no"),
    _p("statue", "monument", "달빛장군 동상|Statue of General Dalbit", "historic=memorial",
       (-80, -388), indoor="no"),
    _p("well", "monument", "옛우물|Old Well", "man_made=water_well", (-172, 210), indoor="no"),
    _p("zelkova", "monument", "오백년 느티나무|Five-hundred-year Zelkova", "natural=tree",
       (-500, 256), indoor="no"),
)  # fmt: skip
