"""Rasa's way to our inner door, by connections that stay open."""

from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError

TIMEOUT_S = 5
Json = dict[str, Any]


class InnerDoor:
    """GET and POST of JSON below one address. Raises aiohttp.ClientError."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._url, self._headers = url, headers
        self._session: aiohttp.ClientSession | None = None

    async def get(self, path: str = "") -> Any:
        return await self._asked("GET", path, None)

    async def post(self, path: str, sent: Json) -> Any:
        return await self._asked("POST", path, sent)

    async def _asked(self, method: str, path: str, sent: Json | None) -> Any:
        async with self._open().request(method, f"{self._url}{path}", json=sent) as answer:
            if answer.status >= 400:
                said = await answer.text()
                raise ClientResponseError(answer.status, answer.reason or "", said)
            return await answer.json() if answer.status == 200 else None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=timeout)
        return self._session
