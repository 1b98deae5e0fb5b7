"""Every sentence for people that stands in the code stands in the Korean catalogue, translated."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CATALOGUE = "locale/ko/LC_MESSAGES/django.po"


def test_the_korean_catalogue_is_complete(tmp_path: Path) -> None:
    for folder in ("apps", "citizen", "devices", "locale"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    gather = [sys.executable, "-m", "django", "makemessages", "-l", "ko", "--no-obsolete"]
    subprocess.run(gather, cwd=tmp_path, check=True, capture_output=True)
    open_ones = subprocess.run(
        ["msgattrib", "--untranslated", "--no-wrap", "--no-location", CATALOGUE],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    guessed = subprocess.run(
        ["msgattrib", "--only-fuzzy", "--no-wrap", "--no-location", CATALOGUE],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert open_ones == ""
    assert guessed == ""
