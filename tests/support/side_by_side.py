"""A pytest plugin for runs on several cores: what stays together, and what begins first.

A file's tests stay together, since they share what is costly to set up. The browser's tests share a
whole town, so all of them go to one worker.
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
    items.sort(key=lambda item: _place_in_line(item.nodeid))


def _place_in_line(nodeid: str) -> int:
    return next((n for n, folder in enumerate(FIRST) if nodeid.startswith(folder)), len(FIRST))
