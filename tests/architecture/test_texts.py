"""Every sentence for people that stands in the code stands in its app's Korean catalogue."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CATALOGUE = "locale/ko/LC_MESSAGES/django.po"
SPEAKERS = sorted(
    str(path.parents[3].relative_to(ROOT))
    for place in ("apps/*", "citizen", "devices")
    for path in ROOT.glob(f"{place}/{CATALOGUE}")
)


@pytest.mark.parametrize("speaker", SPEAKERS)
def test_the_korean_catalogue_is_complete(speaker: str, tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / speaker, tmp_path / "speaker")
    # -P: an app's `selectors.py` must not stand before the library's own.
    gather = [sys.executable, "-P", "-m", "django", "makemessages", "-l", "ko", "--no-obsolete"]
    without_settings = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(gather, cwd=folder, env=without_settings, check=True, capture_output=True)
    for unfinished in ("--untranslated", "--only-fuzzy"):
        found = subprocess.run(
            ["msgattrib", unfinished, "--no-wrap", "--no-location", CATALOGUE],
            cwd=folder, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        assert found == ""


SOURCES = [
    path
    for folder in ("apps", "citizen", "devices")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "gettext" in path.read_text()
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_gatherer_sees_every_sentence(path: Path) -> None:
    """It knows `_` and Django's own names, and does not look into f-strings."""
    tree = ast.parse(path.read_text())
    renamed = {
        name.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname
    }
    assert renamed <= {"_"}
    within = [part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
              for part in ast.walk(node)]  # fmt: skip
    assert [ast.unparse(part) for part in within if _says(part)] == []


def _says(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"_", "gettext", "ngettext", "pgettext"}
        and isinstance(node.args[0], ast.Constant)
    )


def test_whoever_speaks_has_a_catalogue() -> None:
    speak = {_speaker(path.relative_to(ROOT)) for path in SOURCES}
    assert speak <= set(SPEAKERS)


def _speaker(path: Path) -> str:
    return "/".join(path.parts[: 2 if path.parts[0] == "apps" else 1])
