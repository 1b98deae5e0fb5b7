"""The plan of the old quarter, the riverside and the hill: lanes, steps, paths, one lift.

The climb from the lower to the upper town is the heart of it. Dalmaji-gil is the direct lane: its
slope is gentle, but four steps and a raised kerb end it. Seunggang-gil goes by the public lift and
is a little longer. Sanseong-ro is the long ramp that cars take, too. All other ways up are steep or
have many steps.
"""

from typing import Any

from citizen.demo.world.street_kinds import Kind, Quarter, StreetPlan


def _lane(key: str, names: str, kind: Kind, quarter: Quarter, *points: tuple[float, float],
          **extra: Any) -> StreetPlan:  # fmt: skip
    name_ko, _, name_en = names.partition("|")
    return StreetPlan(key, name_ko, name_en, kind, quarter, points, **extra)


CLIMBS = (
    _lane("sanseong", "산성로|Sanseong-ro", "tertiary", "old",
          (-700, -55), (-735, 60), (-800, 140), (-770, 225), (-660, 285), (-540, 352),
          pavement="separate", grade=0.05),
    _lane("dalmaji", "달맞이길|Dalmaji-gil", "alley", "old",
          (-237, 204), (-256, 254), (-300, 288), (-370, 297), (-425, 322), (-432, 362),
          (-414, 399), grade=0.066),
    _lane("seunggang", "승강길|Seunggang-gil", "alley", "old",
          (-177, 300), (-196, 325), (-209, 345), grade=0.05),
    _lane("lift", "달오름 승강기|Dal-oreum Lift", "lift", "old", (-209, 345), (-223, 373)),
    _lane("seunggangup", "승강윗길|Seunggangwi-gil", "alley", "old",
          (-223, 373), (-243, 412), (-286, 450), grade=0.05),
    _lane("byeolgyedan", "별계단|Byeol Steps", "steps", "old", (-86, 410), (-108, 452)),
    _lane("byeolgyedanup", "별윗길|Byeolwit-gil", "alley", "old", (-108, 452), (-168, 556)),
    _lane("hyanggyogyedan", "향교계단|Hyanggyo Steps", "steps", "old",
          (-600, 180), (-606, 222)),
    _lane("hyanggyoalley", "향교샛길|Hyanggyosaet-gil", "alley", "old",
          (-606, 222), (-600, 318)),
    _lane("neutinamu", "느티나무길|Neutinamu-gil", "alley", "old",
          (-480, 180), (-505, 250), (-520, 362)),
)  # fmt: skip

LOWER_TOWN = (
    _lane("jangteo", "장터길|Jangteo-gil", "market", "old", (-205, 112), (-228, 160), (-237, 204)),
    _lane("seongbyeok", "성벽길|Seongbyeok-gil", "living", "old",
          (-735, 60), (-615, 165), (-480, 180), (-350, 215), (-237, 204), (-177, 300),
          (-140, 365), (-60, 418), (10, 470), (75, 480), grade=0.06),
    _lane("bangja", "방짜길|Bangja-gil", "living", "old", (-480, 15), (-470, 100), (-480, 180)),
    _lane("onggi", "옹기길|Onggi-gil", "living", "old", (-360, 60), (-345, 140), (-350, 215)),
    _lane("hanji", "한지길|Hanji-gil", "alley", "old",
          (-615, 60), (-540, 85), (-470, 100), (-410, 128), (-345, 140), (-280, 152), (-228, 160)),
    _lane("umul", "우물길|Umul-gil", "alley", "old",
          (-228, 160), (-170, 205), (-125, 230), (-60, 262), (0, 300), (62, 298)),
    _lane("eoul", "어울길|Eoul-gil", "living", "old",
          (-110, 148), (-125, 230), (-177, 300), oneway=True),
    _lane("naru", "나루길|Naru-gil", "alley", "old",
          (10, 222), (-5, 262), (0, 300), (-30, 360), (-60, 418)),
    _lane("daejang", "대장간길|Daejanggan-gil", "living", "old",
          (-610, -28), (-615, 60), (-615, 165)),
    _lane("nubi", "누비길|Nubi-gil", "alley", "old",
          (-545, -5), (-540, 85), (-548, 172)),
    _lane("gobul", "고불길|Gobul-gil", "alley", "old",
          (-420, 38), (-408, 80), (-410, 128), (-418, 196)),
    _lane("dolda", "돌담길|Doldam-gil", "alley", "old",
          (-290, 84), (-276, 118), (-280, 152), (-290, 212)),
    _lane("bit", "빗길|Bit-gil", "alley", "old",
          (-140, 365), (-85, 330), (-30, 360), (25, 395), (78, 390)),
)  # fmt: skip

UPPER_TOWN = (
    _lane("gwana", "관아길|Gwana-gil", "residential", "old",
          (-540, 352), (-482, 388), (-414, 399), (-340, 422), (-286, 450), (-225, 500),
          (-168, 556), (-120, 640), (-108, 705), pavement="separate", grade=0.055),
    _lane("hyanggyo", "향교길|Hyanggyo-gil", "living", "old",
          (-540, 352), (-560, 430), (-520, 490), (-430, 528), (-350, 536), (-292, 545),
          (-168, 556)),
    _lane("sarang", "사랑방길|Sarangbang-gil", "alley", "old",
          (-286, 450), (-298, 500), (-292, 545), (-265, 630), (-200, 690), (-108, 705)),
    _lane("dalmaru", "달마루길|Dalmaru-gil", "alley", "old",
          (-482, 388), (-478, 440), (-430, 528), (-440, 600)),
    _lane("maru1", "마루샛길|Marusaet-gil", "alley", "old",
          (-360, 416), (-372, 470), (-350, 536), (-365, 610)),
    _lane("seodang", "서당길|Seodang-gil", "alley", "old",
          (-560, 430), (-640, 420), (-700, 370), (-690, 268)),
    _lane("bukchon", "북촌길|Bukchon-gil", "residential", "old",
          (-108, 705), (-20, 722), (60, 690), (122, 668), grade=0.11),
)  # fmt: skip

RIVERSIDE = (
    _lane("mujigae", "무지개다리길|Mujigae-gil", "cycle", "mid",
          (-40, 175), (-12, 120), (25, -5), (45, -78),
          bridge_name=("무지개다리", "Mujigae Footbridge"), grade=0.06),
    _lane("southsquare", "역남광장길|Station South Square", "market", "new",
          (-50, -532), (-50.5, -518)),
    _lane("northsquare", "역광장길|Station Square", "market", "new",
          (-64, -376), (-62, -399)),
)  # fmt: skip

HILL = (
    _lane("trail1", "달빛산 둘레길|Dalbitsan Trail", "path", "hill",
          (-440, 600), (-480, 680), (-560, 720), (-620, 800), (-700, 905), (-760, 1000)),
    _lane("trail2", "해맞이길|Haemaji Trail", "path", "hill",
          (-365, 610), (-390, 700), (-350, 790), (-300, 900), (-310, 1000)),
    _lane("trail3", "능선길|Neungseon Trail", "path", "hill",
          (-620, 800), (-520, 850), (-420, 870), (-300, 900)),
    _lane("trail4", "약수터길|Yaksuteo Trail", "path", "hill",
          (-700, 370), (-790, 420), (-860, 540), (-800, 680), (-700, 760), (-620, 800)),
    _lane("trail5", "동산숲길|Dongsan Forest Trail", "path", "hill",
          (742, 700), (800, 770), (880, 850), (900, 940), (860, 1000)),
    _lane("trail6", "구름다리길|Gureumdari Trail", "path", "hill",
          (905, 520), (960, 580), (930, 700), (880, 850)),
)  # fmt: skip

# Drives of the car parks; the names are the parks' own.
DRIVES = (
    _lane("garagein", "", "service", "new", (-129, -390), (-131.8, -368.4), oneway=True),
    _lane("garageout", "", "service", "new", (-112.1, -365), (-109.5, -385.5), oneway=True),
    _lane("lotdrive", "", "service", "old", (-114, 172), (-134.4, 165.7), (-164.3, 154.3),
          curvy=False),
    _lane("lotdrive2", "", "service", "old", (-134.4, 165.7), (-139.7, 179.7), (-169.6, 168.3),
          curvy=False),
)  # fmt: skip

LANES = (*CLIMBS, *LOWER_TOWN, *UPPER_TOWN, *RIVERSIDE, *HILL, *DRIVES)
