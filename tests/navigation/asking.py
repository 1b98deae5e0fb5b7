"""Asks the navigation door as an app does, signed in or not."""

import json
from typing import Any

from django.test import Client

from apps.accounts.models import Person
from tests.navigation.conftest import Place, place

API = "/api/v1/navigation"


class Api:
    def __init__(self, person: Person | None = None, language: str = "en") -> None:
        self.client = Client()
        self.headers = {"Accept-Language": language}
        if person is not None:
            assert person.user is not None
            self.client.force_login(person.user)
            self.headers["X-Session-Token"] = str(self.client.session.session_key)
            self.client.cookies.clear()

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.generic(
            method,
            f"{API}/{path}",
            "" if body is None else json.dumps(body, default=str),
            content_type="application/json",
            headers=self.headers | headers,
        )

    def send_form(self, path: str, form: dict[str, Any]) -> Any:
        return self.client.post(f"{API}/{path}", form, headers=self.headers)


def soras_question(**more: Any) -> dict[str, Any]:
    """From the station to the old town hall in a wheelchair."""
    return {
        "origin": place("station").document(),
        "destination": place("old_town_hall").document(),
        "profile": "wheelchair_manual",
    } | more


def document(lon: float, lat: float) -> dict[str, float]:
    return Place(lon, lat).document()
