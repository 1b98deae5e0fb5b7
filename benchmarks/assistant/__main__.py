"""``python -m benchmarks.assistant PART… [--quick]``: some of the assistant's figures."""

from benchmarks.assistant import PARTS, run
from benchmarks.parts import tell

if __name__ == "__main__":
    tell(PARTS, run)
