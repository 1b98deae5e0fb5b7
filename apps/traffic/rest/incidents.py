"""`/api/v1/traffic/incidents`: what happens on the roads, everywhere or near a place."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.traffic.models import Incident
from apps.traffic.selectors.incidents import as_row, incidents_near, open_incidents


class IncidentSerializer(serializers.Serializer[Any]):
    """An open incident. `severity` 1 take care, 2 expect delay, 3 avoid, 4 closed."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Incident.Kind.choices)
    severity = serializers.IntegerField()
    description = serializers.CharField()
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    geometry = serializers.JSONField(help_text="GeoJSON")
    link = serializers.CharField(allow_null=True, help_text="ten-digit id")
    source = serializers.CharField()  # type: ignore[assignment]
    started_at = serializers.DateTimeField()
    expected_until = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()


class NearIncidentSerializer(IncidentSerializer):
    distance_m = serializers.IntegerField()


class NearQuery(serializers.Serializer[Any]):
    lon = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)
    radius_m = serializers.FloatField(min_value=10, max_value=50_000, default=2000)


class IncidentsView(APIView):
    @extend_schema(
        operation_id="traffic_incidents", summary="Open incidents",
        responses=IncidentSerializer(many=True), tags=["traffic"],
    )  # fmt: skip
    def get(self, _request: Request) -> Response:
        rows = [as_row(row) for row in open_incidents()]
        return Response(IncidentSerializer(rows, many=True).data)


class IncidentsNearView(APIView):
    @extend_schema(
        operation_id="traffic_incidents_near", summary="Open incidents near a place, nearest first",
        parameters=[NearQuery], responses=NearIncidentSerializer(many=True), tags=["traffic"],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        query = NearQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        rows = [
            as_row(row) | {"distance_m": round(row.off_m)}  # type: ignore[attr-defined]
            for row in incidents_near(**query.validated_data)
        ]
        return Response(NearIncidentSerializer(rows, many=True).data)
