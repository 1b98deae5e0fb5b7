"""The plan of the roads outside the old quarter: arteries, the river streets, the new quarter."""

from typing import Any

from citizen.demo.world.street_kinds import Kind, Quarter, StreetPlan


def _road(key: str, names: str, kind: Kind, quarter: Quarter, *points: tuple[float, float],
          **extra: Any) -> StreetPlan:  # fmt: skip
    name_ko, _, name_en = names.partition("|")
    extra.setdefault("pavement", "separate")
    return StreetPlan(key, name_ko, name_en, kind, quarter, points, **extra)


ARTERIES = (
    _road("daero", "달빛대로|Dalbit-daero", "primary", "new",
          (300, -1000), (305, -840), (312, -705), (300, -560), (298, -440), (310, -265),
          (345, -90), (400, 145), (440, 300), (475, 465), (540, 680), (600, 830), (640, 1000)),
    _road("jungang", "중앙로|Jungang-ro", "secondary", "new",
          (-1000, -470), (-690, -425), (-450, -365), (-300, -330), (-75, -297), (150, -280),
          (310, -265), (520, -255), (720, -250), (850, -265), (1000, -285)),
    _road("namcheon", "남천로|Namcheon-ro", "secondary", "new",
          (-1000, -800), (-700, -770), (-450, -735), (-60, -703), (312, -705), (705, -725),
          (870, -745), (1000, -770)),
    _road("yeokjeon", "역전로|Yeokjeon-ro", "tertiary", "mid",
          (-64, -376), (-75, -297), (-100, -200), (-140, -95), (-178, 40), (-205, 112),
          bridge_name=("달빛교", "Dalbit Bridge")),
    _road("gangbyeon", "강변로|Gangbyeon-ro", "tertiary", "mid",
          (-1000, -95), (-840, -80), (-700, -55), (-480, 15), (-330, 70), (-205, 112),
          (-40, 175), (60, 290), (78, 390), (75, 480), (110, 640), (165, 820), (185, 1000)),
    _road("eunhaeng", "은행로|Eunhaeng-ro", "tertiary", "mid",
          (75, 480), (200, 472), (330, 470), (475, 465), (580, 452), (700, 430), (860, 415),
          (1000, 400), bridge_name=("은행교", "Eunhaeng Bridge")),
    _road("seogang", "서강로|Seogang-ro", "tertiary", "mid",
          (-700, -55), (-692, -190), (-690, -425), (-695, -580), (-700, -770),
          bridge_name=("서강교", "Seogang Bridge")),
    _road("dongsan", "동산로|Dongsan-ro", "tertiary", "new",
          (705, -725), (712, -515), (720, -250), (705, -50), (690, 168), (700, 430), (745, 600),
          (742, 700), bridge_name=("별빛고가교", "Byeolbit Overpass")),
    _road("maehwa", "매화로|Maehwa-ro", "tertiary", "new",
          (400, 145), (550, 160), (690, 168), (860, 180), (1000, 200)),
    _road("sicheong", "시청로|Sicheong-ro", "secondary", "new",
          (345, -90), (520, -60), (705, -50), (845, -45), (1000, -40)),
    _road("yeoknam", "역남로|Yeoknam-ro", "tertiary", "new",
          (-50, -532), (-60, -703), (-70, -845), (-75, -1000)),
)  # fmt: skip

CENTRE = (
    _road("namgang", "남강길|Namgang-gil", "residential", "mid",
          (-692, -305), (-555, -268), (-440, -228), (-285, -172), (-112, -160), (20, -92),
          (140, -30), (245, -52), (345, -90), pavement="both"),
    _road("cheolgil", "철길로|Cheolgil-ro", "residential", "new",
          (-64, -376), (40, -380), (136, -385), (150, -372), (150, -280),
          curvy=False),
    _road("cheolgilseo", "철길서로|Cheolgilseo-ro", "residential", "new",
          (-64, -376), (-190, -402), (-300, -432), (-425, -468), (-442, -455), (-450, -365),
          curvy=False),
    _road("mulgyeol1", "물결1길|Mulgyeol 1-gil", "residential", "mid",
          (-560, -395), (-555, -268), pavement="right", oneway=True),
    _road("mulgyeol2", "물결2길|Mulgyeol 2-gil", "residential", "mid",
          (-450, -365), (-440, -228), pavement="both"),
    _road("mulgyeol3", "물결3길|Mulgyeol 3-gil", "residential", "mid",
          (-300, -330), (-285, -172), pavement="both"),
    _road("mulgyeol4", "물결4길|Mulgyeol 4-gil", "residential", "mid",
          (10, -290), (20, -92)),
    _road("mulgyeol5", "물결5길|Mulgyeol 5-gil", "residential", "mid",
          (150, -280), (140, -30)),
    _road("mulgyeol6", "물결6길|Mulgyeol 6-gil", "residential", "mid",
          (230, -272), (240, -165), (245, -52), pavement="both", oneway=True),
    _road("yeoul", "여울길|Yeoul-gil", "living", "mid",
          (-690, -350), (-558, -328), (-445, -298), (-293, -252), (-98, -206), pavement="none"),
    _road("naetga", "냇가길|Naetga-gil", "living", "mid",
          (-98, -206), (15, -190), (145, -155), (240, -165), (328, -172), pavement="none"),
)  # fmt: skip

SOUTH = (
    _road("cheolgilnam", "철길남로|Cheolgilnam-ro", "residential", "new",
          (-697, -640), (-450, -592), (-250, -556), (-50, -532), (90, -512), (190, -520),
          (203, -535), (205, -704), curvy=False),
    _road("saebyeol1", "샛별1로|Saetbyeol 1-ro", "residential", "new",
          (-450, -592), (-450, -735), (-455, -860), (-470, -1000), pavement="both"),
    _road("saebyeol2", "샛별2로|Saetbyeol 2-ro", "residential", "new",
          (-250, -556), (-255, -720), (-252, -850), (-240, -1000)),
    _road("saebyeol3", "샛별3로|Saetbyeol 3-ro", "residential", "new",
          (205, -704), (208, -848), (190, -1000)),
    _road("saebyeol4", "샛별4로|Saetbyeol 4-ro", "residential", "new",
          (-700, -770), (-705, -880), (-720, -1000), pavement="both"),
    _road("narae", "나래로|Narae-ro", "residential", "new",
          (-705, -880), (-455, -860), (-252, -850), (-70, -845), (208, -848), (306, -850),
          (505, -860), (712, -870), (870, -885), (1000, -905)),
    _road("onnuri1", "온누리1로|Onnuri 1-ro", "residential", "new",
          (306, -632), (495, -605), (708, -615)),
    _road("onnuri2", "온누리2로|Onnuri 2-ro", "residential", "new",
          (495, -605), (500, -714), (505, -860), (512, -1000)),
    _road("onnuri3", "온누리3로|Onnuri 3-ro", "tertiary", "new",
          (705, -725), (712, -870), (716, -1000)),
    _road("onnuri4", "온누리4로|Onnuri 4-ro", "residential", "new",
          (870, -745), (870, -885), pavement="both"),
)  # fmt: skip

EAST = (
    _road("haetsal", "햇살로|Haetsal-ro", "tertiary", "new",
          (515, -400), (520, -255), (520, -60), (550, 160), (562, 300), (580, 452)),
    _road("noeul", "노을로|Noeul-ro", "residential", "new",
          (850, -345), (850, -265), (845, -45), (860, 180), (872, 300), (860, 415)),
    _road("byeolha", "별하로|Byeolha-ro", "residential", "new",
          (310, -345), (420, -350), (516, -345), (640, -350), (730, -345), (850, -345)),
    _road("dasom1", "다솜1길|Dasom 1-gil", "residential", "new",
          (520, -150), (570, -185), (640, -190), (713, -160)),
    _road("dasom2", "다솜2길|Dasom 2-gil", "residential", "new",
          (713, -160), (780, -140), (848, -150), (1000, -165), pavement="both"),
    _road("dasom3", "다솜3길|Dasom 3-gil", "living", "new",
          (535, 50), (610, 62), (697, 60), pavement="none"),
    _road("dasom4", "다솜4길|Dasom 4-gil", "residential", "new",
          (697, 60), (852, 68), (1000, 80)),
    _road("eunhaengnamu", "은행나무길|Eunhaengnamu-gil", "residential", "mid",
          (330, 470), (312, 330), (330, 205), (400, 145), pavement="left"),
    _road("dolbaegi", "돌배기길|Dolbaegi-gil", "residential", "mid",
          (316, 345), (380, 330), (440, 300), pavement="none"),
    _road("supsok", "숲속길|Supsok-gil", "residential", "hill",
          (860, 415), (905, 520), (880, 610), (800, 655), (744, 640), pavement="left"),
    _road("gureum1", "구름1길|Gureum 1-gil", "residential", "hill",
          (580, 452), (605, 540), (660, 600), (745, 600), pavement="both"),
    _road("gureum2", "구름2길|Gureum 2-gil", "residential", "hill",
          (540, 680), (600, 655), (660, 600), pavement="none"),
    _road("gureum3", "구름3길|Gureum 3-gil", "living", "hill",
          (700, 430), (770, 495), (790, 560), (800, 655), pavement="none"),
    _road("saemteo", "샘터길|Saemteo-gil", "residential", "mid",
          (330, 470), (345, 590), (395, 690), (550, 716), pavement="right"),
    _road("saemteo2", "샘터2길|Saemteo 2-gil", "living", "mid",
          (345, 590), (430, 575), (508, 570), pavement="none"),
)  # fmt: skip

ROADS = (*ARTERIES, *CENTRE, *SOUTH, *EAST)
