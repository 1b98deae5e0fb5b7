"""``python -m benchmarks.voice PART… [--quick]``: some of the telephone's figures."""

from benchmarks.parts import tell
from benchmarks.voice import PARTS, run

if __name__ == "__main__":
    tell(PARTS, run)
