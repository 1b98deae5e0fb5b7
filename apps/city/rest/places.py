"""`/api/v1/city/places` and `/api/v1/city/districts`."""

from typing import Any

from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from apps.city.models import District, Place
from apps.city.selectors.boxes import read_box


class PlaceFilter(filters.FilterSet):
    bbox = filters.CharFilter(method="within", help_text="west,south,east,north in degrees")
    district = filters.CharFilter(field_name="district__code")

    class Meta:
        model = Place
        fields = ("kind",)

    def within(self, places: QuerySet[Place], name: str, value: str) -> QuerySet[Place]:
        return places.filter(geom__bboverlaps=read_box(value, field=name))


class PlaceSerializer(serializers.ModelSerializer[Place]):
    names = serializers.DictField(child=serializers.CharField())
    district = serializers.SlugRelatedField[District](slug_field="code", read_only=True)
    lat = serializers.FloatField(source="at.y", help_text="A point inside the place")
    lon = serializers.FloatField(source="at.x")
    details = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = Place
        fields = ("code", "names", "kind", "lat", "lon", "address", "details", "district")


def _places() -> QuerySet[Place]:
    return (
        Place.objects.current()
        .select_related("district")
        .annotate(at=PointOnSurface("geom"))
        .defer("geom", "geom_m", "district__geom", "district__geom_m")
    )


class PlaceList(ListAPIView[Place]):
    """Places, by box, kind and district."""

    queryset = _places()
    serializer_class = PlaceSerializer
    filterset_class = PlaceFilter

    @extend_schema(operation_id="city_places_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class PlaceDetail(RetrieveAPIView[Place]):
    """One place."""

    queryset = _places()
    serializer_class = PlaceSerializer
    lookup_field = "code"

    @extend_schema(
        operation_id="city_places_retrieve",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class DistrictSerializer(GeoFeatureModelSerializer):
    names = serializers.DictField(child=serializers.CharField())
    parent = serializers.SlugRelatedField[District](slug_field="code", read_only=True)

    class Meta:
        model = District
        geo_field = "geom"
        id_field = "code"
        fields = ("code", "names", "level", "parent", "geom")


class DistrictList(GenericAPIView[District]):
    """All districts as one GeoJSON FeatureCollection; a city has some dozens."""

    queryset = District.objects.current().select_related("parent").order_by("level", "code")
    serializer_class = DistrictSerializer
    pagination_class = None

    @extend_schema(operation_id="city_districts_list", responses=DistrictSerializer(many=True))
    def get(self, _request: Request) -> Response:
        return Response(self.get_serializer(self.get_queryset(), many=True).data)
