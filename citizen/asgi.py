"""One application, three doors (docs/adr): WebSockets to Channels, hot paths to lean handlers, all
else to Django in a thread pool."""

import os
from threading import Thread
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citizen.settings")

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

django_application: Any = get_wsgi_application()

# These need Django to be set up.
from apps.base.hot import HotDoor, Receive, Send, close_pool
from apps.drt.core.warming import warm_up
from citizen import sockets
from citizen.hot import ROUTES

WSGI_THREADS = 4

Scope = dict[str, Any]

hot = HotDoor(ROUTES)
pages: Any = WSGIMiddleware(django_application, workers=WSGI_THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    match scope["type"]:
        case "websocket":
            await sockets.open_socket(scope, receive, send)
        case "http" if hot.accepts(scope["path"]):
            await hot(scope, receive, send)
        case "http":
            await pages(scope, receive, send)
        case "lifespan":
            await _live_and_die(receive, send)


async def _live_and_die(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            Thread(target=warm_up, name="warm-up", daemon=True).start()
        if message["type"] == "lifespan.shutdown":
            await close_pool()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
