"""The ways between the lower and the upper town, in detail.

Dalmaji-gil ends in four steps just before the upper street; long flights count their steps from
the height they climb; the public lift carries its names.
"""

from citizen.demo.world.elements import ElementBook
from citizen.demo.world.strands import Strand, split_strand
from citizen.demo.world.street_tags import names

FOUR_STEPS = 4
FOUR_STEPS_LONG_M = 1.6
BEFORE_END_M = 7.0
RISER_M = 0.16


def finish_climbs(book: ElementBook, strands: list[Strand]) -> list[Strand]:
    """The strands with the short flight cut into the lane and all flights counted."""
    last = [s for s in strands if s.key == "dalmaji"][-1]
    from_m = last.length_m - BEFORE_END_M
    lane, flight, landing = split_strand(book, last, [from_m, from_m + FOUR_STEPS_LONG_M])
    flight.tags |= {
        "highway": "steps", "step_count": str(FOUR_STEPS), "step:height": f"{RISER_M:.2f}",
        "handrail": "no", "ramp": "no", "check_date": "2026-03-14",
    }  # fmt: skip
    for strand in strands:
        if strand.tags.get("highway") == "steps":
            _count_steps(book, strand)
    return [s for s in strands if s is not last] + [lane, flight, landing]


def _count_steps(book: ElementBook, strand: Strand) -> None:
    climb_m = abs(book.height_m(strand.end) - book.height_m(strand.start))
    strand.tags["step_count"] = str(max(3, round(climb_m / RISER_M)))


def name_lift(book: ElementBook, strand: Strand, ref: str) -> int:
    """The lift's lower node carries name and ref for maps; the answer is that node."""
    low = min(strand.start, strand.end, key=book.height_m)
    book.tag_node(low, {"ref": ref, "entrance": "yes"} | names("달오름 승강기", "Dal-oreum Lift"))
    strand.tags["ref"] = ref
    return low
