"""One application, three doors (docs/adr): WebSockets to Channels, hot paths to lean handlers, all
else to Django in a thread pool."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citizen.settings")

from a2wsgi import WSGIMiddleware
from channels.routing import URLRouter
from django.core.wsgi import get_wsgi_application

django_application = get_wsgi_application()

# These need Django to be set up.
from django.urls import path

from apps.base.consumers import LiveConsumer
from apps.base.hot import HotDoor, close_pool
from citizen.hot import ROUTES

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

WSGI_THREADS = 4

hot = HotDoor(ROUTES)
pages = WSGIMiddleware(django_application, workers=WSGI_THREADS)
sockets = URLRouter([path("ws/live/", LiveConsumer.as_asgi())])


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    match scope["type"]:
        case "websocket":
            await _open_socket(scope, receive, send)
        case "http" if hot.accepts(scope["path"]):
            await hot(scope, receive, send)
        case "http":
            await pages(scope, receive, send)
        case "lifespan":
            await _live_and_die(receive, send)


async def _open_socket(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await sockets(scope, receive, send)
    except ValueError:  # no such path
        await send({"type": "websocket.close", "code": 4404})


async def _live_and_die(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await close_pool()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
