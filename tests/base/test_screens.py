"""What we link to is what the web app reads (`web/tests/screens.test.ts` holds it to the same)."""

import json
from pathlib import Path
from typing import Any

import pytest

from apps.base import screens

TABLE: list[dict[str, Any]] = json.loads(
    Path(__file__).parents[1].joinpath("support/screens.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["screen"])
def test_it_links_as_the_router_reads(row: dict[str, Any]) -> None:
    screen = getattr(screens, row["screen"])
    assert (screen(**row["with"]) if "with" in row else screen) == row["link"]


def test_every_screen_is_in_the_table() -> None:
    ours = {name for name in vars(screens) if name.endswith("_screen") or name.isupper()}
    assert ours == {row["screen"] for row in TABLE}


def test_links_that_leave_the_app_are_whole(settings: Any) -> None:
    settings.PUBLIC_URL = "https://dalbit.example"
    assert screens.absolute("/#/chat") == "https://dalbit.example/#/chat"
    assert screens.absolute("https://elsewhere.example/") == "https://elsewhere.example/"
