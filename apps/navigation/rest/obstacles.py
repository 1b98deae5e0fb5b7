"""`/api/v1/navigation/obstacles`: citizens tell what is in the way, and whether it still is."""

from typing import Any

from django.contrib.gis.geos import Polygon
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.selectors.persons import person_of
from apps.base import clock
from apps.base.pagination import Pages
from apps.base.problems import Invalid
from apps.city.models import Obstruction
from apps.city.selectors.obstructions import active_at
from apps.navigation.rest.requests import given, person_behind
from apps.navigation.rest.shapes import (
    ObstacleReportSerializer,
    ObstacleSerializer,
    VoiceSerializer,
)
from apps.navigation.services.obstacles import report_obstacle, say_of_obstacle

CODE = OpenApiParameter("code", OpenApiTypes.UUID, OpenApiParameter.PATH)
KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Makes a repetition harmless."
)


class ObstacleFilter(filters.FilterSet):
    bbox = filters.CharFilter(method="within", help_text="west,south,east,north in degrees")

    class Meta:
        model = Obstruction
        fields = ("kind", "state")

    def within(self, rows: Any, name: str, value: str) -> Any:
        try:
            west, south, east, north = (float(part) for part in value.split(","))
        except ValueError as error:
            raise Invalid(errors={name: _("Four numbers: west,south,east,north.")}) from error
        return rows.filter(geom__bboverlaps=Polygon.from_bbox((west, south, east, north)))


class Newest(Pages):
    ordering = ("-created_at", "-pk")  # type: ignore[assignment]  # DRF takes both


class ObstacleListView(GenericAPIView[Obstruction]):
    serializer_class = ObstacleSerializer
    parser_classes = [JSONParser, MultiPartParser]
    pagination_class = Newest
    filterset_class = ObstacleFilter
    queryset = Obstruction.objects.all()

    def get_queryset(self) -> Any:
        return active_at(clock.now())

    @extend_schema(
        operation_id="navigation_obstacles_list", responses=ObstacleSerializer(many=True)
    )
    def get(self, _request: Request) -> Response:
        """What is in the way now, newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="navigation_obstacles_create",
        parameters=[KEY],
        filters=False,
        request=ObstacleReportSerializer,
        responses={201: ObstacleSerializer},
    )
    def post(self, request: Request) -> Response:
        """Report something in the way, with a photo if there is one (as multipart form)."""
        facts = dict(given(ObstacleReportSerializer(data=request.data)))
        photo = facts.pop("photo", None)
        row = report_obstacle(
            person=person_behind(request),
            photo=photo.read() if photo else None,
            key=request.headers.get("Idempotency-Key"),
            **facts | {"stops": tuple(facts["stops"])},
        )
        return Response(self.get_serializer(row).data, status=201)


class VoiceView(GenericAPIView[Obstruction]):
    serializer_class = VoiceSerializer
    permission_classes = [IsAuthenticated]
    queryset = Obstruction.objects.none()

    @extend_schema(
        operation_id="navigation_obstacles_confirmations_create",
        parameters=[CODE],
        responses={200: ObstacleSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """Say that it is there, or that it is gone. Each person's latest word counts."""
        said = given(self.get_serializer(data=request.data))
        row = say_of_obstacle(person=person_of(request.user), code=code, says=said["says"])
        return Response(ObstacleSerializer(row).data)
