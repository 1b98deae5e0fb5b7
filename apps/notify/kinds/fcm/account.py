"""The service account: pyfcm's credentials and payload builder, and one access token for all.

pyfcm would sign in anew in each of its threads and on each call. Here a token is fetched once for
all senders: kept in the process, and in the cache for the others.
"""

import asyncio
import calendar
import hashlib
import json
import time
from functools import partial
from pathlib import Path
from typing import Any

import google.auth.transport.requests
from django.conf import settings
from django.core.cache import cache
from google.oauth2 import service_account
from pyfcm import FCMNotification

SCOPES = ["https://www.googleapis.com/auth/firebase.messaging"]
RENEW_BEFORE_S = 300


class Account(FCMNotification):  # type: ignore[misc] # untyped
    """pyfcm with this deployment's address; `parse_payload` and `fcm_end_point` are its own."""

    def __init__(self, file: Path) -> None:
        told = json.loads(file.read_text())
        read: Any = service_account.Credentials.from_service_account_info
        credentials = read(told, scopes=SCOPES)
        super().__init__(credentials=credentials, project_id=told.get("project_id"))
        self.FCM_END_POINT_BASE = settings.FCM_URL
        identity = f"{told['client_email']}:{told.get('private_key_id')}:{told['token_uri']}"
        self.cache_key = f"notify.fcm.{hashlib.sha256(identity.encode()).hexdigest()}"


class AccessToken:
    """The bearer token, the same for every task; whoever finds it missing fetches it, once."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.fetched = 0
        self._token = ""
        self._good_until_s = 0.0
        self._lock = asyncio.Lock()

    async def current(self) -> str:
        if time.time() >= self._good_until_s:
            async with self._lock:
                if time.time() >= self._good_until_s:
                    await asyncio.to_thread(self._obtain)
        return self._token

    async def renew(self, refused: str) -> None:
        """The server refused this one; nothing to do if somebody renewed it meanwhile."""
        async with self._lock:
            if refused == self._token:
                await asyncio.to_thread(self._fetch)

    def _obtain(self) -> None:
        kept = cache.get(self.account.cache_key)
        if kept and kept[1] > time.time():
            self._token, self._good_until_s = kept
        else:
            self._fetch()

    def _fetch(self) -> None:
        ask: Any = google.auth.transport.requests.Request()
        if settings.FCM_CA_FILE:
            ask = partial(ask, verify=settings.FCM_CA_FILE)
        self.account.credentials.refresh(ask)
        self.fetched += 1
        self._token = self.account.credentials.token
        lasts_s = max(_lasts_s(self.account.credentials) - RENEW_BEFORE_S, 30)
        self._good_until_s = time.time() + lasts_s
        cache.set(self.account.cache_key, (self._token, self._good_until_s), timeout=int(lasts_s))


def _lasts_s(credentials: Any) -> float:
    """google-auth writes `expiry` as naive UTC."""
    return float(calendar.timegm(credentials.expiry.utctimetuple()) - time.time())
