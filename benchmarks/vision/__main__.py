"""``python -m benchmarks.vision PART… [--quick]``: some of the cameras' figures."""

from benchmarks.parts import tell
from benchmarks.vision import PARTS, run

if __name__ == "__main__":
    tell(PARTS, run)
