"""`/api/v1/assistant/calls`: a call from the web app's microphone."""

from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle
from rest_framework.views import APIView

from apps.accounts.models import Person
from apps.assistant.models import Call
from apps.assistant.voice.records import announce_web_call, proof_of


class CallOpenedSerializer(serializers.Serializer[Any]):
    """Where to open the WebSocket, and what to show there as the parameter `proof`."""

    code = serializers.UUIDField()
    url = serializers.CharField()
    proof = serializers.CharField()


class WebCallThrottle(SimpleRateThrottle):
    """A few calls a minute from one address."""

    scope, rate = "web-calls", "12/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class WebCallView(GenericAPIView[Call]):
    serializer_class = CallOpenedSerializer

    def get_throttles(self) -> list[BaseThrottle]:
        return [*super().get_throttles(), WebCallThrottle()]

    @extend_schema(
        operation_id="assistant_calls_create",
        request=None,
        responses={201: CallOpenedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Open a call. The stream speaks Twilio's Media Streams; who is signed in is known."""
        person: Person | None = getattr(request.user, "person", None)
        call = announce_web_call(person=person, language=translation.get_language() or "")
        opened = {"code": call.code, "url": settings.VOICE_STREAM_URL, "proof": proof_of(call)}
        return Response(CallOpenedSerializer(opened).data, status=201)
