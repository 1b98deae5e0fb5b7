"""What people say they need: a wheelchair, a pushchair, a charger …"""

import re

_NEEDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("wheelchair", re.compile(r"휠체어|전동차|wheel\s?chair|step-?free|계단\s*(?:없|못)"
               r"|무장애|배리어\s*프리|barrier[- ]?free"
                              r"|without\s+(?:stairs|steps)|can'?t\s+climb"
                              r"|accessible", re.IGNORECASE)),
    ("pushchair", re.compile(r"유모차|push\s?chair|stroller|pram|buggy", re.IGNORECASE)),
    ("blind", re.compile(r"시각\s*장애|흰\s*지팡이|앞을?\s*못|blind|white\s+cane"
                         r"|can'?t\s+see", re.IGNORECASE)),
    ("walker", re.compile(r"보행기|목발|지팡이|걸음이\s*느|walker|crutch|walking\s+(?:stick"
           r"|frame|cane)|walks\s+slowly"
                          r"|rollator|elderly", re.IGNORECASE)),
    ("disabled", re.compile(r"장애인|disabled|handicap", re.IGNORECASE)),
    ("ev", re.compile(r"전기차|충전|\bev\b|electric\s+(?:car|vehicle)|charg", re.IGNORECASE)),
)  # fmt: skip
# Who needs what, as ways' profiles are called.
PROFILES = {
    "wheelchair": "wheelchair_manual", "pushchair": "pushchair", "blind": "blind_cane",
    "walker": "walker_elderly", "disabled": "wheelchair_manual",
}  # fmt: skip


def needs_in(text: str) -> tuple[str, ...]:
    return tuple(need for need, pattern in _NEEDS if pattern.search(text))
