"""Kinds of places: how OpenStreetMap tags them, what people call them, how much they weigh.

Source of the tags: OpenStreetMap wiki, "Map features". `weight` in 0..1 says how likely somebody
means this rather than another place of the same name; it also decides from which zoom on it is
drawn. `words` are what people type for the kind, English and Korean.
"""

import re
from dataclasses import dataclass

from apps.city.core.osm import Tags


@dataclass(frozen=True, slots=True)
class PlaceKind:
    kind: str
    weight: float
    tags: tuple[str, ...]
    words: tuple[str, ...]
    needs_name: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 1:
            raise ValueError(f"{self.kind}: a weight lies between 0 and 1.")

    @property
    def min_zoom(self) -> int:
        """The zoom from which places of this kind are drawn."""
        return min(16, 17 - round(self.weight * 5))


def _read_table(text: str) -> tuple[PlaceKind, ...]:
    """A line at the margin opens a kind; lines with "=" below it are tags, others words."""
    kinds: list[PlaceKind] = []
    for block in re.split(r"\n(?=\S)", text.strip()):
        head, *lines = block.splitlines()
        name, weight, *nameless = head.split()
        tags = " ".join(line for line in lines if "=" in line).split()
        words = " ".join(line for line in lines if "=" not in line).split(",")
        kinds.append(
            PlaceKind(
                name, float(weight), tuple(tags), tuple(w.strip() for w in words), not nameless
            )
        )
    return tuple(kinds)


KINDS = _read_table("""
city 1
  place=city
  city, 도시
town 0.95
  place=town
  town, 읍
suburb 0.9
  place=suburb place=borough
  suburb, borough, 구
village 0.85
  place=village
  village, 마을
quarter 0.8
  place=quarter
  quarter, 동
neighbourhood 0.7
  place=neighbourhood
  neighbourhood, neighborhood, 동네
hamlet 0.6
  place=hamlet place=isolated_dwelling
  hamlet
locality 0.5
  place=locality
  locality
square 0.7
  place=square
  square, plaza, 광장
island 0.6
  place=island place=islet
  island, 섬
station 0.95
  railway=station railway=halt
  station, railway station, train station, 역, 기차역, 전철역, 지하철역
bus_station 0.8
  amenity=bus_station
  bus station, bus terminal, 버스터미널, 터미널
bus_stop 0.3 nameless
  highway=bus_stop
  bus stop, 버스정류장, 정류장, 버스 정류장
tram_stop 0.4
  railway=tram_stop
  tram stop, 트램 정류장
subway_entrance 0.35 nameless
  railway=subway_entrance
  station entrance, subway entrance, 출구, 역 출구
lift 0.3 nameless
  highway=elevator
  lift, elevator, 엘리베이터, 승강기
taxi 0.35 nameless
  amenity=taxi
  taxi rank, taxi, taxi stand, 택시, 택시 승강장
ferry_terminal 0.6
  amenity=ferry_terminal
  ferry, pier, 선착장
airport 0.95
  aeroway=aerodrome
  airport, 공항
parking 0.45 nameless
  amenity=parking
  parking, car park, parking lot, 주차장, 공영주차장
parking_entrance 0.2 nameless
  amenity=parking_entrance
  parking entrance, 주차장 입구
bicycle_parking 0.15 nameless
  amenity=bicycle_parking
  bicycle parking, bike rack, 자전거 보관소
charging_station 0.4 nameless
  amenity=charging_station
  charging station, charger, ev charging, 충전소, 전기차 충전소
fuel 0.4
  amenity=fuel
  petrol station, gas station, fuel, 주유소
townhall 0.9
  amenity=townhall
  town hall, city hall, 시청, 구청, 청사
community_centre 0.6
  amenity=community_centre amenity=social_centre
  community centre, community center, 주민센터, 행정복지센터, 복지관
social_facility 0.5
  amenity=social_facility amenity=nursing_home
  welfare centre, nursing home, 복지시설, 경로당, 요양원
government 0.6
  office=government amenity=public_building
  government office, 관공서
courthouse 0.6
  amenity=courthouse
  court, courthouse, 법원
police 0.6
  amenity=police
  police, police station, 경찰서, 파출소, 지구대
fire_station 0.6
  amenity=fire_station
  fire station, 소방서
post_office 0.55
  amenity=post_office
  post office, 우체국
post_box 0.1 nameless
  amenity=post_box
  post box, letter box, 우체통
hospital 0.85
  amenity=hospital healthcare=hospital
  hospital, 병원, 종합병원
clinic 0.6
  amenity=clinic amenity=doctors healthcare=clinic healthcare=doctor healthcare=centre
  clinic, doctor, health centre, 의원, 보건소
dentist 0.4
  amenity=dentist healthcare=dentist
  dentist, 치과
pharmacy 0.5
  amenity=pharmacy healthcare=pharmacy
  pharmacy, chemist, 약국
veterinary 0.35
  amenity=veterinary
  vet, veterinary, 동물병원
university 0.85
  amenity=university
  university, 대학교
college 0.7
  amenity=college
  college, 전문대
school 0.7
  amenity=school
  school, 학교, 초등학교, 중학교, 고등학교
kindergarten 0.5
  amenity=kindergarten amenity=childcare
  kindergarten, nursery, 유치원, 어린이집
library 0.75
  amenity=library
  library, 도서관
museum 0.75
  tourism=museum
  museum, 박물관, 미술관
gallery 0.5
  tourism=gallery
  gallery, 갤러리
theatre 0.65
  amenity=theatre amenity=arts_centre
  theatre, theater, arts centre, 극장, 문화회관, 예술회관
cinema 0.6
  amenity=cinema
  cinema, movie theater, 영화관
attraction 0.65
  tourism=attraction tourism=viewpoint tourism=zoo tourism=theme_park
  attraction, viewpoint, 관광지, 전망대
historic 0.55
  historic=castle historic=monument historic=memorial historic=ruins
  historic=archaeological_site historic=fort historic=city_gate
  monument, castle, memorial, 유적, 기념비
information 0.3
  tourism=information
  tourist information, 관광안내소
hotel 0.5
  tourism=hotel tourism=hostel tourism=guest_house tourism=motel tourism=apartment
  hotel, hostel, guest house, 호텔, 숙소, 모텔
place_of_worship 0.5
  amenity=place_of_worship
  church, temple, mosque, 교회, 성당, 절, 사찰
cemetery 0.45
  landuse=cemetery amenity=grave_yard
  cemetery, 묘지
park 0.7
  leisure=park
  park, 공원
garden 0.45
  leisure=garden
  garden, 정원
nature_reserve 0.5
  leisure=nature_reserve
  nature reserve, 자연보호구역
playground 0.35 nameless
  leisure=playground
  playground, 놀이터
sports 0.5
  leisure=sports_centre leisure=stadium leisure=swimming_pool leisure=ice_rink
  leisure=fitness_centre
  sports centre, stadium, swimming pool, gym, 체육관, 경기장, 수영장
pitch 0.25
  leisure=pitch leisure=track
  pitch, sports field, 운동장
marketplace 0.65
  amenity=marketplace
  market, 시장
mall 0.65
  shop=mall shop=department_store
  mall, department store, 백화점, 쇼핑몰
supermarket 0.5
  shop=supermarket
  supermarket, 마트, 슈퍼마켓
convenience 0.35
  shop=convenience
  convenience store, 편의점
bakery 0.35
  shop=bakery
  bakery, 빵집, 제과점
restaurant 0.4
  amenity=restaurant amenity=food_court
  restaurant, 식당, 음식점
fast_food 0.35
  amenity=fast_food
  fast food, 패스트푸드
cafe 0.4
  amenity=cafe amenity=ice_cream
  cafe, coffee, coffee shop, 카페, 커피숍
bar 0.35
  amenity=bar amenity=pub amenity=biergarten amenity=nightclub
  bar, pub, 술집, 호프
bank 0.45
  amenity=bank
  bank, 은행
atm 0.2 nameless
  amenity=atm
  atm, cash machine, 현금인출기
toilets 0.3 nameless
  amenity=toilets
  toilet, toilets, restroom, 화장실, 공중화장실
drinking_water 0.2 nameless
  amenity=drinking_water
  drinking water, water fountain, 음수대, 약수터
bench 0.05 nameless
  amenity=bench
  bench, 벤치, 의자
shelter 0.25 nameless
  amenity=shelter
  shelter, 쉼터, 대피소
assembly_point 0.4 nameless
  emergency=assembly_point
  assembly point, evacuation shelter, 대피 장소
defibrillator 0.25 nameless
  emergency=defibrillator
  defibrillator, aed, 심장충격기, 제세동기
recycling 0.2 nameless
  amenity=recycling amenity=waste_disposal
  recycling, 재활용, 분리수거
junction 0.4
  junction=yes highway=traffic_signals
  junction, 교차로, 사거리, 삼거리
bridge 0.5
  man_made=bridge
  bridge, 다리
tower 0.5
  man_made=tower man_made=lighthouse
  tower, 탑, 타워
peak 0.6
  natural=peak natural=volcano
  peak, mountain, hill, 산, 봉우리
water 0.5
  natural=water natural=bay natural=spring
  lake, pond, water, 호수, 저수지, 연못
beach 0.5
  natural=beach
  beach, 해변, 해수욕장
wood 0.4
  natural=wood landuse=forest
  wood, forest, 숲
residential 0.45
  landuse=residential building=apartments
  apartments, housing estate, 아파트, 단지
commercial 0.4
  landuse=commercial landuse=retail landuse=industrial
  business park, industrial estate, 상가, 공단
shop 0.3
  shop=*
  shop, store, 가게, 상점
office 0.3
  office=*
  office, 사무실
amenity 0.3
  amenity=* healthcare=*
  facility, 시설
sight 0.35
  tourism=* historic=*
  sight, 명소
leisure 0.3
  leisure=*
  leisure, 여가
building 0.25
  building=*
  building, 건물
""")

BY_KIND = {kind.kind: kind for kind in KINDS}
_BY_TAG = {tag: kind for kind in KINDS for tag in kind.tags}
_KEYS = tuple(dict.fromkeys(tag.partition("=")[0] for kind in KINDS for tag in kind.tags))
_BY_WORD = {word.casefold(): kind.kind for kind in KINDS for word in kind.words}
_NAMED_LIKE = ("alt_name", "old_name", "short_name", "official_name", "loc_name", "int_name")


def place_kind(tags: Tags) -> PlaceKind | None:
    """The kind of place an element is, the weightiest if several; None if it is no place."""
    named = bool(tags.get("name"))
    best: PlaceKind | None = None
    for key in _KEYS:
        if (value := tags.get(key)) is None or value == "no":
            continue
        kind = _BY_TAG.get(f"{key}={value}") or _BY_TAG.get(f"{key}=*")
        if kind and (named or not kind.needs_name) and (best is None or kind.weight > best.weight):
            best = kind
    return best


def kind_meant_by(words: str) -> str | None:
    """The kind that a word or two stand for ("car park", "주차장"), plural forgiven."""
    text = " ".join(words.casefold().split())
    singular = f"{text[:-3]}y" if text.endswith("ies") else text.removesuffix("s")
    return _BY_WORD.get(text) or _BY_WORD.get(singular) or _BY_WORD.get(text.removesuffix("es"))


def other_names(tags: Tags) -> list[str]:
    """Old, short and popular names of an element, in any language, without repetition."""
    found = (
        text.strip()
        for key, value in tags.items()
        if key.split(":")[0] in _NAMED_LIKE
        for text in value.split(";")
    )
    return list(dict.fromkeys(text for text in found if text))


_DETAILS = (
    "opening_hours", "wheelchair", "wheelchair:description", "toilets:wheelchair", "phone",
    "contact:phone", "website", "contact:website", "operator", "capacity", "capacity:disabled",
    "fee", "access", "level", "ref", "cuisine", "religion", "sport", "wikidata",
)  # fmt: skip


def details(tags: Tags) -> dict[str, str]:
    """What somebody who wants to go there asks next."""
    return {key: tags[key] for key in _DETAILS if key in tags}


def street_rank(tags: Tags) -> int | None:
    """0 motorway … 9 path for a way that can carry a street name; None for any other."""
    return _STREET_RANKS.get(tags.get("highway", "").removesuffix("_link"))


_STREET_RANKS = {
    "motorway": 0, "trunk": 1, "primary": 2, "secondary": 3, "tertiary": 4, "unclassified": 5,
    "residential": 5, "living_street": 6, "pedestrian": 6, "service": 7, "track": 8, "road": 8,
    "footway": 9, "path": 9, "steps": 9, "cycleway": 9, "bridleway": 9,
}  # fmt: skip
