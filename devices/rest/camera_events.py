"""`/api/v1/devices/camera-events`: the queue of what cameras saw, its stills, staff's verdicts."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.rest.staff import StaffMay
from apps.base.pagination import Pages
from devices.models import CameraEvent
from devices.rest.cameras import JPEG, picture
from devices.selectors.cameras import event_rows
from devices.services.camera_events import judge_event, look_at_still

CODE = OpenApiParameter("code", OpenApiTypes.UUID, OpenApiParameter.PATH)
SEE = "devices.view_cameraevent"


class CameraEventSerializer(serializers.Serializer[CameraEvent]):
    """`severity` as CAP 1.2 has it; `verdict` is empty while nobody has judged."""

    id = serializers.UUIDField(source="code")
    camera = serializers.CharField(source="camera.thing.code")
    zone = serializers.CharField(source="zone.code", default=None, allow_null=True)
    kind = serializers.ChoiceField(choices=CameraEvent.Kind.choices)
    severity = serializers.CharField()
    confidence = serializers.FloatField(source="score")
    lon = serializers.FloatField(source="geom.x", default=None, allow_null=True)
    lat = serializers.FloatField(source="geom.y", default=None, allow_null=True)
    began_at = serializers.DateTimeField()
    noticed_at = serializers.DateTimeField()
    over_at = serializers.DateTimeField(allow_null=True)
    has_still = serializers.SerializerMethodField()
    still_until = serializers.DateTimeField(allow_null=True)
    verdict = serializers.ChoiceField(choices=CameraEvent.Verdict.choices, allow_blank=True)
    decided_by = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)

    def get_has_still(self, event: CameraEvent) -> bool:
        return event.still_id is not None


class VerdictSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=CameraEvent.Verdict.choices)


class CameraEventFilter(filters.FilterSet):
    camera = filters.CharFilter(field_name="camera__thing__code")
    since = filters.IsoDateTimeFilter(field_name="noticed_at", lookup_expr="gte")
    waiting = filters.BooleanFilter(method="of_verdict", help_text="that nobody has judged yet")
    severity = filters.MultipleChoiceFilter(
        choices=[(one, one) for one in ("Extreme", "Severe", "Moderate", "Minor")]
    )

    class Meta:
        model = CameraEvent
        fields = ("kind",)

    def of_verdict(
        self, rows: QuerySet[CameraEvent], _name: str, value: bool
    ) -> QuerySet[CameraEvent]:
        return rows.filter(verdict="") if value else rows.exclude(verdict="")


class NewestFirst(Pages):
    ordering = ("-noticed_at", "-pk")  # type: ignore[assignment]  # DRF takes both


class CameraEventList(GenericAPIView[CameraEvent]):
    queryset = CameraEvent.objects.none()
    serializer_class = CameraEventSerializer
    filterset_class = CameraEventFilter
    pagination_class = NewestFirst
    permission_classes = [StaffMay]
    needs = {"GET": SEE}

    def get_queryset(self) -> QuerySet[CameraEvent]:
        return event_rows()

    @extend_schema(operation_id="devices_camera_events_list", tags=["devices"])
    def get(self, _request: Request) -> Response:
        """What cameras saw, newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class _OneEvent(GenericAPIView[CameraEvent]):
    queryset = CameraEvent.objects.none()
    serializer_class = CameraEventSerializer
    pagination_class = None
    filter_backends = ()
    permission_classes = [StaffMay]
    needs = {"GET": SEE}

    def event(self, code: UUID) -> CameraEvent:
        found: CameraEvent = get_object_or_404(event_rows().select_related("still"), code=code)
        return found


class CameraEventView(_OneEvent):
    @extend_schema(
        operation_id="devices_camera_events_retrieve", parameters=[CODE], tags=["devices"]
    )
    def get(self, _request: Request, code: UUID) -> Response:
        """One event."""
        return Response(self.get_serializer(self.event(code)).data)


class CameraEventStillView(_OneEvent):
    @extend_schema(
        operation_id="devices_camera_events_still", parameters=[CODE], responses=JPEG,
        tags=["devices"],
    )  # fmt: skip
    def get(self, request: Request, code: UUID) -> HttpResponse:
        """Its still, in which nobody can be recognised. Every look stands in the audit chain."""
        media = look_at_still(event=self.event(code), actor=str(request.user))
        if media is None:
            raise NotFound
        with media.file.open("rb") as file:
            return picture(file.read())


class VerdictView(_OneEvent):
    needs = {"POST": "devices.change_cameraevent"}

    @extend_schema(
        operation_id="devices_camera_events_judge", parameters=[CODE], request=VerdictSerializer,
        responses=CameraEventSerializer, tags=["devices"],
    )  # fmt: skip
    def post(self, request: Request, code: UUID) -> Response:
        """True, or a false alarm: the camera grows more careful by it. The last answer counts."""
        asked = VerdictSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        is_true = asked.validated_data["verdict"] == CameraEvent.Verdict.TRUE
        judge_event(code=str(code), true=is_true, actor=str(request.user))
        return Response(self.get_serializer(self.event(code)).data)
