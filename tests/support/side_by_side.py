"""A pytest plugin for runs on several cores: what stays together, and what begins first.

A file's tests stay together, since they share what is costly to set up. The browser's tests share a
whole town, so all of them go to one worker, and through the town by one way: what one leaves behind
there, the next finds in every run.
"""

import pytest
from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/web/",)
# The longest first: whoever is done early then still finds something short to do.
FIRST = ("tests/web/", "tests/navigation/", "tests/drt/", "tests/parking/", "tests/hazards/")


class Scheduling(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        together = (folder for folder in TOGETHER if nodeid.startswith(folder))
        return next(together, "") or super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    return Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place_in_line)


def _place_in_line(item: pytest.Item) -> tuple[int, str, int, str]:
    """Where a test comes; those of one place keep the order they have, but for the browser's."""
    nodeid = item.nodeid
    place = next((n for n, folder in enumerate(FIRST) if nodeid.startswith(folder)), len(FIRST))
    if not nodeid.startswith(TOGETHER):
        return place, "", 0, ""
    file, line, name = item.location
    return place, file, line or 0, name
