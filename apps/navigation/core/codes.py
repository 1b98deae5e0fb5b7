"""The small integers that stand for words in a graph's arrays."""

from enum import IntEnum, IntFlag


class Kind(IntEnum):
    """What a segment is for somebody on foot or on wheels."""

    FOOTWAY = 0
    PAVEMENT = 1
    CROSSING = 2
    PLAZA = 3
    STEPS = 4
    LIFT = 5
    ESCALATOR = 6
    KERB = 7
    BARRIER = 8
    DOOR = 9
    LINK = 10  # between a pavement and the carriageway it lies beside
    INDOOR = 11
    CYCLEWAY = 12
    PATH = 13
    TRACK = 14
    LIVING_STREET = 15
    SERVICE = 16
    MINOR_ROAD = 17
    MAJOR_ROAD = 18


CARRIAGEWAY = (Kind.LIVING_STREET, Kind.SERVICE, Kind.MINOR_ROAD, Kind.MAJOR_ROAD)
POINT_KINDS = (Kind.KERB, Kind.BARRIER, Kind.DOOR)


class Barrier(IntEnum):
    NONE = 0
    GATE = 1
    BOLLARD = 2  # bollards, posts, anything walked around
    CHICANE = 3  # cycle barriers and blocks: the width between them decides
    STILE = 4  # stiles, turnstiles, kissing gates: nothing on wheels passes
    STEP_OVER = 5  # chains, logs, debris
    DOOR = 6
    REVOLVING_DOOR = 7


class Tactile(IntEnum):
    UNKNOWN = 0
    NO = 1
    PARTIAL = 2
    YES = 3


class Wheelchair(IntEnum):
    UNKNOWN = 0
    NO = 1
    LIMITED = 2
    YES = 3


class Lit(IntEnum):
    UNKNOWN = 0
    NO = 1
    YES = 2


class InclineSource(IntEnum):
    NONE = 0
    SIGN = 1  # `up` or `down`: the direction is known, the grade is not
    TAG = 2
    DEM = 3


class Ramp(IntFlag):
    """Ramps beside steps."""

    NONE = 0
    ANY = 1
    WHEELCHAIR = 2
    STROLLER = 4


class Handrail(IntEnum):
    UNKNOWN = 0
    NO = 1
    YES = 2


class Signal(IntFlag):
    NONE = 0
    LIGHTS = 1
    SOUND = 2
    VIBRATION = 4
    BUTTON = 8
    SOUND_ABSENT = 16  # tagged as silent, which is knowledge too


class Mark(IntFlag):
    """Odds and ends of a segment."""

    NONE = 0
    SYNTHETIC = 1  # not drawn by a mapper but derived from a road's tags
    BRIDGE_OR_TUNNEL = 2
    SEPARATE_PAVEMENT = 4  # a carriageway whose pavement is mapped on its own
    ISLAND = 8
    MARKED = 16
    HALF = 32  # one of the legs a point feature was divided into
    CONDITIONAL = 64  # access depends on a condition kept as text
    PRIVATE_END = 128  # only for people who start or end here


class Broken(IntFlag):
    """Why a person cannot take an arc: one bit for each limit."""

    NONE = 0
    STEPS = 1
    KERB_UP = 2
    KERB_DOWN = 4
    INCLINE_UP = 8
    INCLINE_DOWN = 16
    WIDTH = 32
    SMOOTHNESS = 64
    CROSS_SLOPE = 128
    ESCALATOR = 256
    WHEELCHAIR_NO = 512
    BARRIER = 1024
    STRICT_KERB = 2048
    STRICT_INCLINE = 4096
    STRICT_WIDTH = 8192
    STRICT_SURFACE = 16384
    STRICT_SMOOTHNESS = 32768
    ONE_WAY = 65536
    CLOSED = 131072


# Some things no wish of a person can lift: a moving stair's direction and a fact of today.
NEVER_LIFTED = Broken.ONE_WAY
EVERY_LIMIT = (1 << 18) - 1
