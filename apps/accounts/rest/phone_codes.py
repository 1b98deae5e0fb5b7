"""Codes by phone: to sign in, or to add a number to oneself."""

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from apps.accounts import services
from apps.accounts.rest.serializers import (
    ConfirmedPhoneSerializer,
    ContactSerializer,
    DigitsSerializer,
    PhoneCodeSerializer,
    PhoneSerializer,
)
from apps.accounts.rest.sign_in import open_session
from apps.accounts.selectors.persons import person_of


class ByAddress(SimpleRateThrottle):
    """Per client address, signed in or not: each code costs the city a message."""

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class RequestThrottle(ByAddress):
    scope, rate = "phone-code", "20/hour"


class ConfirmThrottle(ByAddress):
    scope, rate = "phone-code-try", "60/hour"


class PhoneCodeListView(GenericAPIView[Any]):
    serializer_class = PhoneSerializer
    throttle_classes = [RequestThrottle]

    @extend_schema(responses={202: PhoneCodeSerializer})
    def post(self, request: Request) -> Response:
        """Send six digits to a phone. The answer is the same for numbers known and unknown."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        sent = services.request_phone_code(
            phone=given.validated_data["phone"], locale=get_language() or ""
        )
        return Response(PhoneCodeSerializer(sent).data, status=202)


class PhoneCodeConfirmationView(GenericAPIView[Any]):
    serializer_class = DigitsSerializer
    throttle_classes = [ConfirmThrottle]

    @extend_schema(responses={200: ConfirmedPhoneSerializer})
    def post(self, request: Request, code: str) -> Response:
        """Give the digits back: signs in, or adds the number to the signed-in person."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        proof = {"code": code, "digits": given.validated_data["digits"]}
        if request.user.is_authenticated:
            contact = services.add_phone(person=person_of(request.user), **proof)
            return Response({"contact": ContactSerializer(contact).data})
        opened = open_session(request._request, services.user_by_phone(**proof))  # noqa: SLF001
        return Response({"session_token": opened.token, "complete": opened.complete})
