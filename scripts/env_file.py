"""`.run/env`: NAME=VALUE lines that tell every process of this checkout where its servers are."""

from collections.abc import Mapping
from pathlib import Path


def read_env(path: Path) -> dict[str, str]:
    """NAME=VALUE lines; anything else is passed over."""
    lines = path.read_text().splitlines() if path.exists() else []
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value for name, value in pairs}


def write_env(path: Path, values: Mapping[str, str]) -> None:
    """Written whole and only readable by its owner: it holds the secret key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    draft.replace(path)
