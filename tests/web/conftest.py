"""A browser before the town, and people at it: on a phone, at a desk, by keyboard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support.server import TownServer, town_server, web_app

__all__ = ["town_server", "web_app"]

MAP_CHUNK = "**/assets/CityMap-*.js"
CHROMIUM = "/usr/bin/chromium"
PICTURES = settings.BASE_DIR / ".run" / "pictures"
AXE = settings.BASE_DIR / "web" / "node_modules" / "axe-core" / "axe.min.js"
STATION = "P-STATION"
MARKET = "P-MARKET"
STREET = "P-HAETSAL"

expect.set_options(timeout=30_000)  # another worker may have the other core


@dataclass(eq=False)
class Town:
    """What the car parks' own devices say, through the gateways' door."""

    server: TownServer
    came: int = 0
    left: int = 0

    @property
    def url(self) -> str:
        return self.server.url

    def station_has_taken(self, cars: int) -> None:
        """As many cars pass the station tower's gates, in or out, as it takes to be so many."""
        change = cars - (self.came - self.left)
        self.came += max(0, change)
        self.left += max(0, -change)
        gates = {f"{STATION}:in": self.came, f"{STATION}:out": self.left}
        self.server.observe("GW-GARAGE", **gates)

    def street_bays(self, *taken: bool) -> None:
        bays = {f"{STREET}-{n:03}": is_taken for n, is_taken in enumerate(taken, 1)}
        self.server.observe("GW-LORA", **bays)


@pytest.fixture(scope="session")
def town(town_server: TownServer) -> Town:
    return Town(town_server)


@pytest.fixture(scope="module")
def browser(town: Town) -> Iterator[Browser]:
    """One for a module, after the town: its loop must not run while others use theirs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, town: Town) -> Iterator[Visit]:
    """Open the app: `visit("#/parking", width=320, locale="ko-KR", color_scheme="dark")`."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_app(
        path: str = "",
        *,
        width: int = 1280,
        locale: str = "ko-KR",
        with_map: bool = True,
        **more: Any,
    ) -> Page:
        height = {320: 640, 768: 1024}.get(width, 800)
        size: Any = {"width": width, "height": height}
        context = browser.new_context(viewport=size, locale=locale, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        if not with_map:  # drawing it without a graphics card takes seconds
            page.route(MAP_CHUNK, lambda route: route.abort())
        page.goto(f"{town.url}/{path}")
        return page

    yield open_app
    for context in contexts:
        context.close()
    assert not faults, faults


def see_map(page: Page) -> None:
    """Wait until the map stands with all its tiles."""
    expect(page.locator("[data-map=idle]")).to_be_attached(timeout=30_000)


def take_picture(page: Page, name: str) -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    path: Path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    return path


def sign_in(page: Page, town: Town, email: str) -> None:
    """In whatever language: afterwards it is the person's own."""
    page.locator("#email").fill(email)
    page.locator("form .button.main").click()
    expect(page.locator("#code")).to_be_visible()
    page.locator("#code").fill(town.server.code_mailed_to(email))
    page.locator("form .button.main").click()


def card(page: Page, site: str) -> Any:
    """A car park's line in the list."""
    return page.locator(f"[data-site='{site}']")


def faults_of_access(page: Page) -> list[str]:
    """What axe-core has against the page."""
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {node['target']} {' '.join(node['failureSummary'].split())}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
