"""Every variable that can be set has its line in docs/configuration.md, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"CITIZEN_[A-Z_]+[A-Z]")


def test_every_variable_is_documented_and_every_documented_one_exists() -> None:
    files = [ROOT / "citizen" / "settings.py", *(ROOT / "scripts").rglob("*"), ROOT / "Procfile"]
    read = {
        name for path in files if path.is_file() and path.suffix != ".pyc"
        for name in NAME.findall(path.read_text())
    }  # fmt: skip
    documented = set(NAME.findall((ROOT / "docs" / "configuration.md").read_text()))
    assert read - documented == set()
    assert documented - read - {"CITIZEN_TEST_DATABASE"} == set()
