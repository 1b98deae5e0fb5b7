"""An app at the REST door, signed in or not."""

import json
from typing import Any

from django.test import Client

from apps.accounts.models import Person

API = "/api/v1/drt"


class Api:
    def __init__(self, person: Person | None = None) -> None:
        self.client = Client()
        self.headers = {"Accept-Language": "en"}
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
