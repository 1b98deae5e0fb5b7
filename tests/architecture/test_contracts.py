"""The import contracts hold, and each of them notices when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("citizen", "apps", "devices")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source that may be spoilt."""
    ignore = shutil.ignore_patterns("__pycache__", "migrations", "static", "templates")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(tree: Path) -> str:
    command = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run(
        [command, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False
    )
    return result.stdout + result.stderr


def spoil(tree: Path, file: str, line: str) -> None:
    path = tree / file
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in path.relative_to(tree).parents:
        if folder != Path():
            (tree / folder / "__init__.py").touch()
    path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")


def test_the_contracts_hold(copy: Path) -> None:
    assert "0 broken" in lint(copy)


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("apps/base/geo.py", "import apps.city.models", "The pile"),
        ("apps/accounts/models.py", "import devices.models", "The pile"),
        ("devices/models.py", "import apps.parking.models", "The pile"),
        ("apps/parking/models.py", "import apps.drt.core", "The pile"),
        ("apps/stray/models.py", "x = 1", "Every app stands in the pile"),
        ("apps/city/models.py", "import apps.city.services", "Inside every app"),
        ("apps/city/odds_and_ends.py", "x = 1", "Inside every app"),
        ("apps/base/request_ids.py", "import apps.base.live", "Inside apps.base"),
        ("apps/drt/core/plan.py", "import django.utils", "Cores are pure"),
        ("apps/drt/core/plan.py", "import redis", "Cores are pure"),
        ("apps/city/core/osm.py", "import apps.city.models", "Cores are pure"),
    ],
)
def test_each_contract_notices_when_it_is_broken(
    copy: Path, file: str, line: str, contract: str
) -> None:
    spoil(copy, file, line)
    broken = [text for text in lint(copy).splitlines() if text.endswith("BROKEN")]
    assert any(text.startswith(contract) for text in broken), broken
