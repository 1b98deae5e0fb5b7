"""The lock files: complete, exact, and without a trace of where packages were fetched."""

from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts.environments import PRODUCT_LOCK, RASA_LOCK, locked_names
from scripts.lock import WITHOUT_DEPENDENCIES, pinned

OLDEST_PYTHON = {"python_full_version": "3.11.0", "extra": ""}


def test_it_holds_what_any_python_3_11_wants() -> None:
    """It is made with one Python and installed, without resolution, with another."""
    names = locked_names(PRODUCT_LOCK.read_text())
    alone = locked_names("\n".join(WITHOUT_DEPENDENCIES))
    wanted = {
        requirement.name
        for name in names - alone
        for requirement in map(Requirement, metadata.requires(name) or ())
        if requirement.marker is None or requirement.marker.evaluate(OLDEST_PYTHON)
    }
    assert {name for name in wanted if not locked_names(f"{name}==0") <= names} <= {"setuptools"}


@pytest.mark.parametrize("lock", [PRODUCT_LOCK, RASA_LOCK], ids=lambda lock: lock.stem)
def test_every_line_is_an_exact_version(lock: Path) -> None:
    lines = [line for line in lock.read_text().splitlines() if not line.startswith("#")]
    assert lines
    assert "".join(f"{line}\n" for line in lines) == pinned("\n".join(lines))


def test_a_pin_has_no_local_build_and_no_address() -> None:
    frozen = "torch==2.13.0+cpu\nWARNING: x\ndjango==5.2\npkg @ file:///opt/x\n-e git+https://x\n"
    assert pinned(frozen) == "torch==2.13.0\ndjango==5.2\n"
