"""`/api/v1/assistant/calls`: a call from the web app's microphone."""

from typing import Any, ClassVar

from django.conf import settings
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle

from apps.accounts.models import Person
from apps.assistant.models import Call
from apps.assistant.voice.records import announce_web_call, proof_of


class CallOpenedSerializer(serializers.Serializer[Any]):
    """Where to open the WebSocket, and what to show there as the parameter `proof`."""

    code = serializers.UUIDField()
    url = serializers.CharField()
    proof = serializers.CharField()


class WebCallThrottle(ScopedRateThrottle):
    """A few calls a minute from one address."""

    THROTTLE_RATES: ClassVar[dict[str, str]] = {"web-calls": "12/min"}


class WebCallView(GenericAPIView[Call]):
    serializer_class = CallOpenedSerializer
    throttle_classes: ClassVar[list[type[BaseThrottle]]] = [WebCallThrottle]
    throttle_scope = "web-calls"

    @extend_schema(
        operation_id="assistant_calls_create",
        request=None,
        responses={201: CallOpenedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Open a call. The stream speaks Twilio's Media Streams dialect; signed in, one is known."""
        person: Person | None = getattr(request.user, "person", None)
        call = announce_web_call(person=person, language=translation.get_language() or "")
        opened = {"code": call.code, "url": settings.VOICE_STREAM_URL, "proof": proof_of(call)}
        return Response(CallOpenedSerializer(opened).data, status=201)
