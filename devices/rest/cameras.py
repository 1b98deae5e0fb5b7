"""`/api/v1/devices/cameras`: staff's cameras, how they do, what is drawn, a still on demand.

For video walls and the city's own apps. Counts and levels are datastreams (SensorThings); a live
stream is not handed on.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.rest.staff import StaffMay
from apps.base.pagination import Pages
from apps.city.selectors.boxes import read_box
from devices.cameras import stills
from devices.models import Camera, CameraState, CameraZone
from devices.selectors.cameras import camera_rows
from devices.services.camera_events import record_look

CODE = OpenApiParameter("code", str, OpenApiParameter.PATH)
JPEG = {(200, "image/jpeg"): OpenApiTypes.BINARY}


class CameraSerializer(serializers.Serializer[Camera]):
    """`reason` says more about `health` where there is more to say."""

    code = serializers.CharField(source="thing.code")
    name = serializers.CharField(source="thing")
    gateway = serializers.CharField(source="thing.gateway.code")
    kind = serializers.CharField()
    subject = serializers.ChoiceField(choices=Camera.Subject.choices)
    department = serializers.CharField(
        source="department.code", default=None, allow_null=True, help_text="who is told of events"
    )
    active = serializers.BooleanField()
    lon = serializers.FloatField(source="thing.geom.x", default=None, allow_null=True)
    lat = serializers.FloatField(source="thing.geom.y", default=None, allow_null=True)
    health = serializers.ChoiceField(source="state.health", choices=CameraState.Health.choices)
    reason = serializers.CharField(source="state.reason")
    since = serializers.DateTimeField(source="state.since", allow_null=True)
    seen_at = serializers.DateTimeField(source="state.seen_at", allow_null=True)
    read_fps = serializers.FloatField(source="state.read_fps")
    analysed_fps = serializers.FloatField(source="state.analysed_fps")
    load = serializers.FloatField(source="state.load", help_text="share of a core")
    zones_drawn = serializers.IntegerField()
    events_waiting = serializers.IntegerField(help_text="that nobody has judged")


class ZoneSerializer(serializers.Serializer[CameraZone]):
    code = serializers.CharField()
    name = serializers.CharField(source="shown_name")
    kind = serializers.ChoiceField(choices=CameraZone.Kind.choices)
    points = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        help_text="shares of the picture's width and height",
    )
    watched_for = serializers.SerializerMethodField()
    datastreams = serializers.SerializerMethodField(help_text="what is told → its datastream")

    def get_watched_for(self, zone: CameraZone) -> list[str]:
        return [str(rule["kind"]) for rule in zone.rules]

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_datastreams(self, zone: CameraZone) -> dict[str, str]:
        return {stream.tells: stream.datastream.code for stream in zone.streams.all()}


class CameraDetailSerializer(CameraSerializer):
    zones = ZoneSerializer(many=True)


class CameraFilter(filters.FilterSet):
    bbox = filters.CharFilter(method="within", help_text="west,south,east,north in degrees")
    health = filters.MultipleChoiceFilter(
        field_name="state__health", choices=CameraState.Health.choices
    )

    class Meta:
        model = Camera
        fields = ("subject",)

    def within(self, rows: QuerySet[Camera], name: str, value: str) -> QuerySet[Camera]:
        return rows.filter(thing__geom__within=read_box(value, field=name))


class CameraList(GenericAPIView[Camera]):
    queryset = Camera.objects.none()
    serializer_class = CameraSerializer
    filterset_class = CameraFilter
    pagination_class = Pages
    permission_classes = [StaffMay]
    needs = {"GET": "devices.view_camera"}

    def get_queryset(self) -> QuerySet[Camera]:
        return camera_rows()

    @extend_schema(operation_id="devices_cameras_list", tags=["devices"])
    def get(self, _request: Request) -> Response:
        """Staff's cameras: where they are and how they do."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class CameraView(GenericAPIView[Camera]):
    queryset = Camera.objects.none()
    serializer_class = CameraDetailSerializer
    pagination_class = None
    filter_backends = ()
    permission_classes = [StaffMay]
    needs = {"GET": "devices.view_camera"}

    @extend_schema(operation_id="devices_cameras_retrieve", parameters=[CODE], tags=["devices"])
    def get(self, _request: Request, code: str) -> Response:
        """One camera with its zones and the datastreams that tell what is seen there."""
        rows = camera_rows().prefetch_related("zones__streams__datastream")
        return Response(self.get_serializer(get_object_or_404(rows, thing__code=code)).data)


class CameraStillView(GenericAPIView[Camera]):
    queryset = Camera.objects.select_related("thing")
    serializer_class = serializers.Serializer[Any]
    pagination_class = None
    filter_backends = ()
    permission_classes = [StaffMay]
    needs = {"GET": "devices.view_camera", "POST": "devices.view_camera"}

    @extend_schema(
        operation_id="devices_cameras_still_ask", parameters=[CODE], request=None,
        responses={202: None}, tags=["devices"],
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        """Ask for a still of now, in which whatever moves is veiled. Asking stands in the audit
        chain."""
        camera = get_object_or_404(self.get_queryset(), thing__code=code)
        record_look(subject=f"camera:{code}", actor=str(request.user), what="still on demand")
        stills.want(camera.pk)
        return Response(status=202)

    @extend_schema(
        operation_id="devices_cameras_still", parameters=[CODE],
        responses={**JPEG, 204: None}, tags=["devices"],
    )  # fmt: skip
    def get(self, _request: Request, code: str) -> HttpResponse:
        """The still that was asked for; 204 until it is there. It is kept for some seconds."""
        camera = get_object_or_404(self.get_queryset(), thing__code=code)
        return picture(stills.still_of(camera.pk))


def picture(jpeg: bytes | None) -> HttpResponse:
    answer = HttpResponse(jpeg or b"", content_type="image/jpeg", status=200 if jpeg else 204)
    answer["X-Content-Type-Options"] = "nosniff"
    add_never_cache_headers(answer)
    return answer
