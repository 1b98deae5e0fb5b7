"""Words that mean danger, per language: read before any model, so that no model can miss them.

Each language has stems of danger, and phrases in which such a stem means something else. A text is
urgent if a stem is left once those phrases are gone.
"""

import re
import unicodedata
from dataclasses import dataclass

_BE = r"((is|are|has|have)\s+)?"
URGENT: dict[str, dict[str, tuple[str, ...]]] = {
    "ko": {
        "gas": (r"가스\s*(냄새|가?\s*(새|누출|유출))", r"가스\s*누출"),
        "fire": (r"불이?\s*(났|나서|나고|붙|타고|번지)", r"화재", r"연기가?\s*(나|피어|많이)",
                 r"폭발"),
        "collapse": (r"무너(졌|지|질|짐)", r"붕괴", r"싱크홀", r"땅\s*꺼짐", r"땅이\s*꺼"),
        "injury": (r"다쳤", r"다친\s*사람", r"피를?\s*(흘|나)", r"부상", r"쓰러(졌|져|진\s*사람)",
                   r"의식이?\s*없", r"숨을?\s*(안|못)\s*쉬", r"골절", r"응급"),
        "water": (r"물에?\s*빠(졌|진)", r"익사", r"떠내려", r"갇(혔|혀|힌)", r"고립"),
        "electric": (r"감전", r"전깃?줄이?\s*(끊|늘어|떨어)", r"전선이?\s*(끊|늘어|떨어)",
                     r"누전", r"스파크"),
        "violence": (r"살려\s*(주|달)", r"칼을?\s*(들|휘)", r"폭행", r"납치"),
    },
    "en": {
        "gas": (r"smell(s|ing|ed)?\s+(of\s+)?gas", r"gas\s+(leak|smell)\w*", r"leaking\s+gas"),
        "fire": (r"on\s+fire", r"\bfire\b", r"\bflames?\b", r"\bsmoke\b", r"explo(sion|ded|ding)",
                 r"burning\s+(down|building|car|house)"),
        "collapse": (r"collaps\w+", r"sink\s?hole", r"caved?\s+in", r"about\s+to\s+fall"),
        "injury": (r"injur\w+", r"bleeding", r"unconscious", r"not\s+breathing",
                   r"broke\s+(his|her|my|their)\s+\w+", r"\bhurt\b", r"heart\s+attack"),
        "water": (r"drown\w*", r"swept\s+away", r"trapped",
                  r"stuck\s+in\s+(the\s+)?(lift|elevator)"),
        "electric": (r"electrocut\w+", r"live\s+wires?", r"sparks?\b|sparking",
                     rf"(power|electric\w*)\s+(line|cable|wire)s?\s+{_BE}(down|fallen|hanging)"),
        "violence": (r"help\s+me\b", r"\bknife\b", r"being\s+attacked", r"\bgun\b"),
    },
    "ja": {
        "gas": (r"ガス(漏れ|臭)", r"ガスの(臭い|におい)"), "fire": (r"火事", r"火災", r"煙が"),
        "collapse": (r"崩れ", r"倒壊", r"陥没"), "injury": (r"けが", r"怪我", r"血が", r"倒れて"),
        "water": (r"溺れ", r"閉じ込め"), "electric": (r"感電", r"電線が"), "violence": (r"助けて",),
    },
    "zh": {
        "gas": (r"煤气|燃气(泄漏|味)", r"瓦斯"), "fire": (r"着火|起火|火灾|冒烟|爆炸",),
        "collapse": (r"倒塌|坍塌|塌陷",), "injury": (r"受伤|流血|昏迷|晕倒",),
        "water": (r"溺水|被困",), "electric": (r"触电|漏电|电线(断|掉)",), "violence": (r"救命",),
    },
    "vi": {
        "gas": (r"rò\s*rỉ\s*(khí|ga)", r"mùi\s*ga"), "fire": (r"\bcháy\b", r"khói", r"\bnổ\b"),
        "collapse": (r"sập", r"sụt\s*lún"),
        "injury": (r"bị\s*thương", r"chảy\s*máu", r"bất\s*tỉnh"),
        "water": (r"đuối\s*nước", r"mắc\s*kẹt"), "electric": (r"điện\s*giật", r"dây\s*điện\s*đứt"),
        "violence": (r"cứu\s*(tôi|với)",),
    },
    "es": {
        "gas": (r"(fuga|escape|olor)\s+(de|a)\s+gas",), "fire": (r"incendio|fuego|humo|explosi",),
        "collapse": (r"derrumb\w+|colaps\w+|socav",),
        "injury": (r"herid\w+|sangr\w+|inconsciente",),
        "water": (r"ahog\w+|atrapad\w+",), "electric": (r"electrocut\w+|cable\s+ca[ií]do",),
        "violence": (r"socorro|auxilio",),
    },
    "th": {
        "gas": (r"แก๊ส(รั่ว|)|กลิ่นแก๊ส",), "fire": (r"ไฟไหม้|เพลิงไหม้|ควัน|ระเบิด",),
        "collapse": (r"ถล่ม|ทรุด|พัง(ลง|ทลาย)",), "injury": (r"บาดเจ็บ|เลือดออก|หมดสติ",),
        "water": (r"จมน้ำ|ติดอยู่ใน",), "electric": (r"ไฟดูด|ไฟรั่ว|สายไฟขาด",),
        "violence": (r"ช่วยด้วย",),
    },
}  # fmt: skip

HARMLESS: dict[str, tuple[str, ...]] = {
    "ko": (r"불이?\s*(나갔|나간|안\s*(켜|들어))", r"화재\s*(경보기|감지기|훈련|보험)", r"소화전",
           r"담배\s*연기", r"(응급|부상)\s*차?\s*전용", r"갇혀\s*있는\s*물"),
    "en": (r"fire\s+(hydrant|exit|door|lane|extinguisher|drill|station|works?)", r"fireworks?",
           r"cigarette\s+smoke", r"smoke\s+(alarm|detector)s?", r"no\s+one\s+(was|is)\s+hurt",
           r"nobody\s+(was|is|got)\s+(hurt|injured)", r"(not|n't)\s+hurt", r"spark\s+plug",
           r"barbecue\s+smoke"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Danger:
    """Which kind of danger a text speaks of, and the words that say so."""

    kind: str
    words: str
    language: str


_COMPILED = {
    language: {kind: re.compile("|".join(forms), re.IGNORECASE) for kind, forms in kinds.items()}
    for language, kinds in URGENT.items()
}
_SET_ASIDE = {
    language: re.compile("|".join(forms), re.IGNORECASE) for language, forms in HARMLESS.items()
}


def find_danger(text: str) -> Danger | None:
    """The first danger that a text names in any language; None if it names none."""
    composed = unicodedata.normalize("NFC", text)
    for language, kinds in _COMPILED.items():
        harmless = _SET_ASIDE.get(language)
        heard = harmless.sub(" ", composed) if harmless else composed
        for kind, form in kinds.items():
            if found := form.search(heard):
                return Danger(kind, found.group(), language)
    return None
