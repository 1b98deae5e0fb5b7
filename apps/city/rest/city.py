"""`/api/v1/city`: which city this is; `/api/v1/city/days`: what kind of day a date is."""

from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.base.problems import Invalid, Unavailable
from apps.city.models import City, DayKind, founded
from apps.city.selectors.calendar import day_kind


class PointSerializer(serializers.Serializer[Any]):
    lat = serializers.FloatField(source="y")
    lon = serializers.FloatField(source="x")


class CitySerializer(serializers.ModelSerializer[City]):
    names = serializers.DictField(child=serializers.CharField())
    centre = PointSerializer()
    bounds = serializers.ListField(
        source="box",
        child=serializers.FloatField(),
        min_length=4,
        max_length=4,
        help_text="west, south, east, north in degrees",
    )
    languages = serializers.ListField(child=serializers.CharField())
    tiles = serializers.SerializerMethodField()

    class Meta:
        model = City
        fields = (
            "code", "names", "centre", "bounds", "languages", "time_zone", "country",
            "attribution", "tiles",
        )  # fmt: skip

    def get_tiles(self, _city: City) -> str:
        """Where TileJSON says what the map holds."""
        return "/tiles/city.json"


class CityView(GenericAPIView[City]):
    """The city this deployment serves."""

    queryset = City.objects.all()
    serializer_class = CitySerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(operation_id="city_retrieve")
    def get(self, _request: Request) -> Response:
        city = founded().first()
        if city is None:
            raise Unavailable
        return Response(self.get_serializer(city).data)


class DaySerializer(serializers.Serializer[Any]):
    day_on = serializers.DateField()
    kind = serializers.ChoiceField(choices=DayKind.choices)


class DayView(GenericAPIView[City]):
    """Whether a date is a working day, a Saturday or a holiday here."""

    serializer_class = DaySerializer
    pagination_class = None

    @extend_schema(
        operation_id="city_day_retrieve",
        parameters=[OpenApiParameter("day_on", OpenApiTypes.DATE, OpenApiParameter.PATH)],
    )
    def get(self, _request: Request, day_on: str) -> Response:
        try:
            day = parse_date(day_on)
        except ValueError:
            day = None
        if day is None:
            raise Invalid(errors={"day_on": _("A date as YYYY-MM-DD.")})
        kind = day_kind(day)
        return Response(self.get_serializer({"day_on": day, "kind": kind}).data)
