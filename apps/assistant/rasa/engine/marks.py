"""What a tagger may know of each word: its form, its ending, what hangs on it, what stands around.

Names of places are without number; what tells them is the kind of thing they end in (역, 아파트,
로 12) and what follows them (에서, 앞이에요). So each word carries both, and its neighbours' too.
"""

import re
from collections.abc import Iterator, Sequence

from apps.assistant.core.words import Word

# What names of places end in, the longest first.
_KINDS = [
    "초등학교",
    "중학교",
    "고등학교",
    "대학교",
    "대학",
    "학교",
    "초교",
    "여고",
    "여중",
    "유치원",
    "어린이집",
    "보육원",
    "학원",
    "독서실",
    "고시원",
    "병원",
    "의원",
    "한의원",
    "치과",
    "내과",
    "외과",
    "소아과",
    "안과",
    "이비인후과",
    "피부과",
    "약국",
    "보건소",
    "보건지소",
    "요양원",
    "도서관",
    "우체국",
    "파출소",
    "지구대",
    "치안센터",
    "경찰서",
    "소방서",
    "세무서",
    "법원",
    "주민센터",
    "행정복지센터",
    "센터",
    "동사무소",
    "구청",
    "시청",
    "도청",
    "군청",
    "사업소",
    "출장소",
    "복지관",
    "경로당",
    "회관",
    "체육관",
    "수련관",
    "학습관",
    "박물관",
    "미술관",
    "과학관",
    "기념관",
    "문화원",
    "연수원",
    "수련원",
    "예술의전당",
    "전당",
    "아트홀",
    "극장",
    "영화관",
    "웨딩홀",
    "수영장",
    "운동장",
    "경기장",
    "구장",
    "야구장",
    "축구장",
    "테니스장",
    "썰매장",
    "물놀이장",
    "교회",
    "성당",
    "사찰",
    "서원",
    "향교",
    "은행",
    "마트",
    "슈퍼",
    "백화점",
    "아울렛",
    "편의점",
    "상가",
    "프라자",
    "플라자",
    "빌딩",
    "타워",
    "호텔",
    "모텔",
    "찜질방",
    "목욕탕",
    "주유소",
    "충전소",
    "카페",
    "식당",
    "국밥",
    "갈비",
    "빵집",
    "떡집",
    "꽃집",
    "철물",
    "철물점",
    "문구점",
    "문방구",
    "서점",
    "책방",
    "미용실",
    "세탁소",
    "정육점",
    "부동산",
    "공장",
    "창고",
    "공단",
    "산업단지",
    "물류센터",
    "차고지",
    "종점",
    "주차장",
    "아파트",
    "빌라",
    "맨션",
    "오피스텔",
    "단지",
    "타운",
    "하이츠",
    "파크",
    "캐슬",
    "가든",
    "마을",
    "주택",
    "자이",
    "푸르지오",
    "래미안",
    "힐스테이트",
    "공원",
    "공원묘원",
    "놀이터",
    "시장",
    "광장",
    "저수지",
    "호수",
    "유수지",
    "습지",
    "천",
    "강",
    "산",
    "산성",
    "왕릉",
    "약수터",
    "캠핑장",
    "산책로",
    "둘레길",
    "등산로",
    "자전거길",
    "해수욕장",
    "동산",
    "정원",
    "수목원",
    "식물원",
    "동물원",
    "농장",
    "텃밭",
    "역",
    "사거리",
    "삼거리",
    "오거리",
    "교차로",
    "로터리",
    "육교",
    "지하차도",
    "지하보도",
    "지하도",
    "고가도로",
    "고가차도",
    "고가",
    "터널",
    "고개",
    "대교",
    "교",
    "다리",
    "굴다리",
    "터미널",
    "정류장",
    "정거장",
    "나들목",
    "톨게이트",
    "휴게소",
    "건널목",
    "선착장",
    "나루",
    "포구",
    "방파제",
    "대로",
    "로",
    "길",
    "번길",
    "안길",
    "거리",
    "골목",
    "동",
    "리",
    "읍",
    "면",
    "가",
    "지구",
    "신도시",
    "점",
    "집",
    "관",
    "원",
    "장",
    "터",
    "절",
    "사",
    "암",
    "문",
    "탑",
    "출구",
    "번지",
    "호",
    "층",
    "동산",
]
_LONGEST_KIND = max(map(len, _KINDS))
KINDS = frozenset(_KINDS)
# What is said of a place and is no part of its name.
_BESIDE = frozenset(
    [
        "앞",
        "앞쪽",
        "뒤",
        "뒤쪽",
        "뒤편",
        "옆",
        "옆쪽",
        "밑",
        "아래",
        "위",
        "안",
        "밖",
        "쪽",
        "근처",
        "부근",
        "주변",
        "인근",
        "근방",
        "사이",
        "건너편",
        "맞은편",
        "정문",
        "후문",
        "입구",
        "초입",
        "모퉁이",
        "담벼락",
        "지하",
        "옥상",
        "로비",
        "계단",
        "화장실",
        "주차장",
        "지하주차장",
        "승강장",
        "엘리베이터",
        "골목",
        "뒷길",
        "길",
        "도로",
        "인도",
        "방향",
        "방면",
        "near",
        "at",
        "by",
        "behind",
        "opposite",
        "outside",
    ]
)
_EN_KINDS = frozenset(
    [
        "station",
        "park",
        "library",
        "hospital",
        "clinic",
        "school",
        "market",
        "museum",
        "theatre",
        "bank",
        "office",
        "pharmacy",
        "church",
        "stadium",
        "gym",
        "pool",
        "terminal",
        "bridge",
        "underpass",
        "apartments",
        "towers",
        "mall",
        "store",
        "supermarket",
        "bakery",
        "hotel",
        "university",
        "nursery",
        "centre",
        "center",
        "courthouse",
        "hall",
        "playground",
        "cemetery",
        "stop",
        "crossing",
        "roundabout",
        "temple",
        "street",
        "road",
        "avenue",
        "lane",
        "drive",
        "way",
        "square",
        "close",
        "boulevard",
        "crescent",
        "hill",
        "plaza",
        "junction",
        "corner",
        "village",
        "estate",
        "gate",
        "house",
        "court",
        "building",
    ]
)
_DIGITS = re.compile(r"\d")
Features = list[str]


def marks(words: Sequence[Word], text: str) -> list[Features]:
    """The features of every word of a text, as CRFsuite takes them."""
    facts = [_facts(word, at, words, text) for at, word in enumerate(words)]
    return [list(_around(at, facts)) for at in range(len(facts))]


class _Facts:
    """One word: `kind` is what place it ends in, `hangs` says that no blank stands before it, and
    `tail` is all that hangs on it."""

    __slots__ = ("hangs", "kind", "low", "shape", "tail")

    def __init__(self, low: str, kind: str, shape: str, hangs: bool, tail: str) -> None:
        self.low, self.kind, self.shape = low, kind, shape
        self.hangs, self.tail = hangs, tail


def _facts(word: Word, at: int, words: Sequence[Word], text: str) -> _Facts:
    low = word.text.lower()
    hangs = at > 0 and words[at - 1].end == word.start
    end = word.end
    while end < len(text) and not text[end].isspace():
        end += 1
    return _Facts(low, _kind(low), _shape(word.text), hangs, text[word.end : end].lower())


def _kind(low: str) -> str:
    if low in _BESIDE:
        return "beside"
    if low.isascii():
        return low if low in _EN_KINDS else ""
    for n in range(min(_LONGEST_KIND, len(low)), 0, -1):
        if low[-n:] in KINDS:
            return low[-n:]
    return ""


def _shape(text: str) -> str:
    if text.isdecimal():
        return f"number{min(len(text), 4)}"
    if _DIGITS.search(text):
        return "digits"
    if text.isascii():
        return "title" if text.istitle() else "latin" if text.isalpha() else "sign"
    return f"hangul{min(len(text), 6)}"


def _around(at: int, facts: Sequence[_Facts]) -> Iterator[str]:
    yield "bias"
    yield from _own(facts[at])
    for step in (-3, -2, -1, 1, 2, 3):
        if not 0 <= at + step < len(facts):
            yield f"{step}:edge"
            continue
        yield from _near(step, facts[at + step])
    yield from _pairs(at, facts)


def _own(one: _Facts) -> Iterator[str]:
    low = one.low
    yield f"w={low}"
    yield f"shape={one.shape}"
    yield f"kind={one.kind}"
    yield f"bare_kind={one.kind == low and one.kind != ''}"
    yield f"hangs={one.hangs}"
    yield f"tail={one.tail[:5]}"
    yield f"kind|tail={one.kind}|{one.tail[:3]}"
    for n in (1, 2, 3):
        if len(low) > n:
            yield f"suf{n}={low[-n:]}"
            yield f"pre{n}={low[:n]}"


def _near(step: int, one: _Facts) -> Iterator[str]:
    yield f"{step}:w={one.low}"
    if abs(step) < 3:
        yield f"{step}:kind={one.kind}"
        yield f"{step}:hangs={one.hangs}"
        yield f"{step}:shape={one.shape}"
        yield f"{step}:suf={one.low[-2:]}"


def _pairs(at: int, facts: Sequence[_Facts]) -> Iterator[str]:
    one = facts[at]
    after = facts[at + 1] if at + 1 < len(facts) else None
    before = facts[at - 1] if at else None
    if after is not None:
        yield f"kind|next={one.kind}|{after.low}|{after.hangs}"
        yield f"shape|next={one.shape}|{after.low}|{after.hangs}"
        yield f"kind|next kind={one.kind}|{after.kind}"
    if before is not None:
        yield f"last|kind={before.low}|{one.kind}|{one.hangs}"
        yield f"last kind|kind={before.kind}|{one.kind}|{one.hangs}"
        yield f"last kind|w={before.kind}|{one.low}"
