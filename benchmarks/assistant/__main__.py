"""``python -m benchmarks.assistant PART…``: some of the assistant's figures, one JSON a line."""

import sys
from contextlib import redirect_stdout

from benchmarks.assistant import PARTS

if __name__ == "__main__":
    parts, figures = sys.argv[1:] or list(PARTS), sys.stdout
    if unknown := set(parts) - set(PARTS):
        sys.exit(f"No such part: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
    with redirect_stdout(sys.stderr):
        for part in parts:
            for metric in PARTS[part](False):
                print(metric.as_json(), file=figures, flush=True)
