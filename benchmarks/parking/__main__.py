"""``python -m benchmarks.parking PART… [--quick]``: some of the figures of parking."""

from benchmarks.parking import PARTS, run
from benchmarks.parts import tell

if __name__ == "__main__":
    tell(PARTS, run)
