"""``python -m benchmarks.voice PART… [--quick]``: some of the figures, one JSON a line."""

import sys
from contextlib import redirect_stdout

from benchmarks.voice import PARTS, run

if __name__ == "__main__":
    asked, figures = [one for one in sys.argv[1:] if one != "--quick"], sys.stdout
    if unknown := set(asked) - set(PARTS):
        sys.exit(f"No such part: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
    with redirect_stdout(sys.stderr):
        for metric in run("--quick" in sys.argv, asked or PARTS):
            print(metric.as_json(), file=figures, flush=True)
