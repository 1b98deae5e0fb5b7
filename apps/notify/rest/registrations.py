"""`/api/v1/notify/registrations`: an app registers, says where about it is, and leaves."""

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Person
from apps.notify.models import Registration, SavedPlace
from apps.notify.rest.serializers import (
    MovedSerializer,
    RegisteredSerializer,
    RegistrationSerializer,
    SavedPlaceSerializer,
    WebPushKeySerializer,
    WishSerializer,
)
from apps.notify.selectors.web_push import public_key
from apps.notify.services.places import save_place
from apps.notify.services.registering import (
    end_app,
    move_app,
    opened_registration,
    register_app,
    renew_app,
)

SECRET = "X-Registration-Secret"  # noqa: S105 - a header's name
SECRET_HEADER = OpenApiParameter(
    SECRET, str, OpenApiParameter.HEADER, required=True, description="From registering."
)


def signed_in(request: Request) -> Person | None:
    return getattr(request.user, "person", None)


def opened(request: Request, code: uuid.UUID) -> Registration:
    return opened_registration(code, request.headers.get(SECRET, ""))


class RegistrationListView(GenericAPIView[Registration]):
    serializer_class = WishSerializer

    @extend_schema(
        operation_id="notify_registrations_create", responses={201: RegisteredSerializer}
    )
    def post(self, request: Request) -> Response:
        """Register an app on a device. Whoever is signed in is its person."""
        wish = WishSerializer(data=request.data).wish()
        row, secret = register_app(wish=wish, person=signed_in(request))
        shown = RegisteredSerializer({"registration": row, "secret": secret})
        return Response(shown.data, status=201)


@extend_schema(parameters=[SECRET_HEADER])
class RegistrationView(GenericAPIView[Registration]):
    serializer_class = WishSerializer
    queryset = Registration.objects.none()

    @extend_schema(operation_id="notify_registrations_read", responses=RegistrationSerializer)
    def get(self, request: Request, code: uuid.UUID) -> Response:
        """What we keep of this app."""
        return Response(RegistrationSerializer(opened(request, code)).data)

    @extend_schema(operation_id="notify_registrations_renew", responses=RegistrationSerializer)
    def put(self, request: Request, code: uuid.UUID) -> Response:
        """A new token, cell, language, or other wishes."""
        row = opened(request, code)
        wish = WishSerializer(data=request.data).wish()
        row = renew_app(registration=row, wish=wish, person=signed_in(request))
        return Response(RegistrationSerializer(row).data)

    @extend_schema(operation_id="notify_registrations_end", responses={204: None})
    def delete(self, request: Request, code: uuid.UUID) -> Response:
        """The app leaves; its places go with it."""
        end_app(registration=opened(request, code))
        return Response(status=204)


class CellView(GenericAPIView[Registration]):
    serializer_class = MovedSerializer

    @extend_schema(
        operation_id="notify_registrations_move", parameters=[SECRET_HEADER], responses={204: None}
    )
    def put(self, request: Request, code: uuid.UUID) -> Response:
        """The app is in another cell now; null if it will not say."""
        body = MovedSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        move_app(registration=opened(request, code), cell=body.validated_data["cell"])
        return Response(status=204)


class AppPlacesView(GenericAPIView[SavedPlace]):
    serializer_class = SavedPlaceSerializer

    @extend_schema(
        operation_id="notify_registrations_save_place",
        parameters=[SECRET_HEADER],
        responses={201: SavedPlaceSerializer},
    )
    def post(self, request: Request, code: uuid.UUID) -> Response:
        """Keep a place for an app without a login."""
        body = SavedPlaceSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        facts: dict[str, Any] = body.validated_data
        place = save_place(registration=opened(request, code), **facts)
        return Response(SavedPlaceSerializer(place).data, status=201)


class WebPushKeyView(GenericAPIView[Registration]):
    serializer_class = WebPushKeySerializer

    @extend_schema(operation_id="notify_web_push_key", responses=WebPushKeySerializer)
    def get(self, _request: Request) -> Response:
        """The key browsers subscribe with. 503 where Web Push is not set up."""
        return Response({"key": public_key()})
