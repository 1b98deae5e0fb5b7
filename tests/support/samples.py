"""Real samples, where CITIZEN_SAMPLES points; a test that needs one skips where it is absent."""

from pathlib import Path

import pytest
from django.conf import settings


def sample_path(relative: str) -> Path:
    """The sample's path. Skips the running test with a reason if it is not there."""
    path: Path = settings.SAMPLES_DIR / relative
    if not path.exists():
        pytest.skip(f"no sample {relative} (CITIZEN_SAMPLES)")
    return path
