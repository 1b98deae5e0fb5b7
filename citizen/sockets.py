"""The WebSocket door: which consumer lives at which path."""

from typing import Any

from channels.routing import URLRouter
from django.urls import path

from apps.assistant.consumers import ChatConsumer
from apps.base.consumers import LiveConsumer
from apps.base.hot import Receive, Send
from apps.drt.consumers import DriverConsumer
from apps.navigation.consumers import GuidanceConsumer

NO_SUCH_PATH = 4404

# Channels' consumers are ASGI applications, which Django's `path` is not typed for.
_chat: Any = ChatConsumer.as_asgi()
_live: Any = LiveConsumer.as_asgi()
_driver: Any = DriverConsumer.as_asgi()
_guidance: Any = GuidanceConsumer.as_asgi()
_routes: list[Any] = [
    path("ws/assistant/chat/", _chat),
    path("ws/live/", _live),
    path("ws/drt/driver/", _driver),
    path("ws/navigation/sessions/<uuid:code>/", _guidance),
]
_router: Any = URLRouter(_routes)


async def open_socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    try:
        await _router(scope, receive, send)
    except ValueError as error:  # what URLRouter raises where no path fits
        if "No route found" not in str(error):
            raise
        await send({"type": "websocket.close", "code": NO_SUCH_PATH})
