"""Where the real samples lie: CITIZEN_SAMPLES, else beside the project."""

import os
from pathlib import Path

from benchmarks.report import NotMeasuredError

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[1] / "../shared/data"


def sample_path(relative: str) -> Path:
    path = Path(os.environ.get("CITIZEN_SAMPLES", BESIDE_THE_PROJECT)) / relative
    if not path.exists():
        raise NotMeasuredError(f"the sample {relative} is absent (see CITIZEN_SAMPLES)")
    return path
