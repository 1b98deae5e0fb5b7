"""`/api/v1/hazards/stations`: gauges of rain and water, their readings and forecasts."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.base.pagination import Pages
from apps.base.problems import Invalid
from apps.hazards.models import Station
from apps.hazards.rest.serializers import (
    ForecastSerializer,
    NearbyStationSerializer,
    ReadingsSerializer,
    StationSerializer,
)
from apps.hazards.selectors.stations import (
    nearby_stations,
    newest_forecast,
    readings_of,
    station_rows,
)
from devices.events import EPOCH

MOST_HOURS = 24 * 7
MOST_NEAR = 20
_CODE = OpenApiParameter("code", str, OpenApiParameter.PATH)


class StationFilter(filters.FilterSet):
    bbox = filters.CharFilter(method="within", help_text="west,south,east,north in degrees")

    class Meta:
        model = Station
        fields = ("kind",)

    def within(self, stations: QuerySet[Station], name: str, value: str) -> QuerySet[Station]:
        try:
            west, south, east, north = (float(part) for part in value.split(","))
        except ValueError as error:
            raise Invalid(errors={name: _("Four numbers: west,south,east,north.")}) from error
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise Invalid(errors={name: _("west ≤ east and south ≤ north, in degrees.")})
        return stations.within(west, south, east, north)  # type: ignore[attr-defined, no-any-return]


class StationList(GenericAPIView[Station]):
    """Gauges with what they say now."""

    queryset = Station.objects.in_use()
    serializer_class = StationSerializer
    filterset_class = StationFilter
    pagination_class = Pages

    @extend_schema(operation_id="hazards_stations_list", responses=StationSerializer(many=True))
    def get(self, request: Request) -> Response:
        stations = self.paginate_queryset(self.filter_queryset(self.get_queryset().only("pk")))
        assert stations is not None, "lists are paged"
        rows = station_rows([station.pk for station in stations])
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class StationDetail(GenericAPIView[Station]):
    """One gauge with what it says now."""

    queryset = Station.objects.in_use()
    serializer_class = StationSerializer

    @extend_schema(
        operation_id="hazards_stations_retrieve", parameters=[_CODE], responses=StationSerializer
    )
    def get(self, _request: Request, code: str) -> Response:
        station = get_object_or_404(self.get_queryset().only("pk"), code=code)
        return Response(self.get_serializer(station_rows([station.pk])[0]).data)


class NearbyStations(GenericAPIView[Station]):
    """The nearest gauges to a place, nearest first."""

    queryset = Station.objects.in_use()
    serializer_class = NearbyStationSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        operation_id="hazards_stations_nearby",
        parameters=[
            OpenApiParameter("lat", float, required=True),
            OpenApiParameter("lon", float, required=True),
            OpenApiParameter("limit", int, description=f"1 to {MOST_NEAR}, else 5"),
            OpenApiParameter("kind", str, enum=Station.Kind.values, many=True),
        ],
        responses=NearbyStationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        rows = nearby_stations(
            lon=_number(asked, "lon", -180, 180),
            lat=_number(asked, "lat", -90, 90),
            limit=int(_number(asked, "limit", 1, MOST_NEAR, usual=5)),
            kinds=_kinds(asked.getlist("kind")),
        )
        return Response(self.get_serializer(rows, many=True).data)


class StationReadings(GenericAPIView[Station]):
    """What a gauge said in the last hours, oldest first."""

    queryset = Station.objects.in_use()
    serializer_class = ReadingsSerializer

    @extend_schema(
        operation_id="hazards_stations_readings",
        parameters=[
            _CODE, OpenApiParameter("hours", int, description=f"1 to {MOST_HOURS}, else 24"),
        ],
        responses=ReadingsSerializer,
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        station = get_object_or_404(self.get_queryset(), code=code)
        hours = int(_number(request.query_params, "hours", 1, MOST_HOURS, usual=24))
        found = readings_of(station, hours=hours)
        readings = [
            {"at": EPOCH + timedelta(microseconds=int(us)), "value": float(value)}
            for us, value in zip(found.times_us, found.values, strict=True)
        ]
        told = {"unit": station.unit, "readings": readings}
        return Response(self.get_serializer(told).data)


class StationForecast(GenericAPIView[Station]):
    """The newest forecast of a gauge; 404 where there is none that still holds."""

    queryset = Station.objects.in_use()
    serializer_class = ForecastSerializer

    @extend_schema(
        operation_id="hazards_stations_forecast", parameters=[_CODE], responses=ForecastSerializer
    )
    def get(self, _request: Request, code: str) -> Response:
        station = get_object_or_404(self.get_queryset(), code=code)
        forecast = newest_forecast(station)
        if forecast is None:
            raise NotFound(_("There is no forecast for this station at present."))
        return Response(self.get_serializer(forecast).data)


def _number(asked: Any, name: str, low: float, high: float, usual: float | None = None) -> float:
    told = asked.get(name)
    if told is None and usual is not None:
        return usual
    try:
        value = float(told)
    except (TypeError, ValueError) as error:
        raise Invalid(errors={name: _("A number is needed.")}) from error
    if not low <= value <= high:
        bounds = {"low": f"{low:g}", "high": f"{high:g}"}
        raise Invalid(errors={name: _("Between %(low)s and %(high)s.") % bounds})
    return value


def _kinds(told: list[str]) -> list[str]:
    unknown = sorted(set(told) - set(Station.Kind.values))
    if unknown:
        raise Invalid(errors={"kind": _("Not known: %s.") % ", ".join(unknown)})
    return told
