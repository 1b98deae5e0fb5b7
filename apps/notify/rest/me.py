"""`/api/v1/notify/me/…`: how the signed-in person wants to be told, and what they were told."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.selectors.persons import person_of
from apps.base import clock
from apps.notify.models import InboxItem, Reach, SavedPlace
from apps.notify.rest.serializers import (
    InboxItemSerializer,
    ReachSerializer,
    SavedPlaceSerializer,
    StageSerializer,
)
from apps.notify.services.inbox import reach_of, read_item
from apps.notify.services.places import remove_place, save_place
from apps.notify.services.receipts import note_by_person


class ReachView(GenericAPIView[Reach]):
    serializer_class = ReachSerializer
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="notify_reach_read")
    def get(self, request: Request) -> Response:
        """How the person wants to be told."""
        return Response(ReachSerializer(reach_of(person_of(request.user))).data)

    @extend_schema(operation_id="notify_reach_change")
    def put(self, request: Request) -> Response:
        """Change it. Texts and calls come only to those who ask for them here."""
        row = reach_of(person_of(request.user))
        body = ReachSerializer(row, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        body.save(updated_at=clock.now())
        return Response(body.data)


class PlaceListView(ListAPIView[SavedPlace]):
    serializer_class = SavedPlaceSerializer
    permission_classes = [IsAuthenticated]
    filter_backends = []
    queryset = SavedPlace.objects.none()

    def get_queryset(self) -> Any:
        return SavedPlace.objects.filter(person=person_of(self.request.user))

    @extend_schema(operation_id="notify_places_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The places the person saved."""
        return super().get(request, *args, **kwargs)

    @extend_schema(operation_id="notify_places_save", responses={201: SavedPlaceSerializer})
    def post(self, request: Request) -> Response:
        """Keep a place; it needs the consent `saved-places`."""
        body = SavedPlaceSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        place = save_place(person=person_of(request.user), **body.validated_data)
        return Response(SavedPlaceSerializer(place).data, status=201)


class PlaceView(GenericAPIView[SavedPlace]):
    serializer_class = SavedPlaceSerializer
    permission_classes = [IsAuthenticated]
    queryset = SavedPlace.objects.none()

    @extend_schema(operation_id="notify_places_remove", responses={204: None})
    def delete(self, request: Request, code: uuid.UUID) -> Response:
        """Let go of a place."""
        remove_place(person=person_of(request.user), code=code)
        return Response(status=204)


class InboxView(ListAPIView[InboxItem]):
    """What the person was told, newest first."""

    serializer_class = InboxItemSerializer
    permission_classes = [IsAuthenticated]
    filter_backends = []
    queryset = InboxItem.objects.none()

    def get_queryset(self) -> Any:
        rows = InboxItem.objects.filter(person=person_of(self.request.user))
        return rows.select_related("telling", "person").order_by("-pk")

    @extend_schema(operation_id="notify_inbox_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class InboxReceiptView(GenericAPIView[InboxItem]):
    serializer_class = StageSerializer
    permission_classes = [IsAuthenticated]
    queryset = InboxItem.objects.none()

    @extend_schema(operation_id="notify_inbox_receipt", responses={204: None})
    def post(self, request: Request, code: uuid.UUID) -> Response:
        """It was shown, or understood."""
        body = StageSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        person = person_of(request.user)
        note_by_person(person=person.pk, telling=code, stage=body.validated_data["stage"])
        if body.validated_data["stage"] == "acknowledged":
            read_item(person=person, code=code)
        return Response(status=204)
