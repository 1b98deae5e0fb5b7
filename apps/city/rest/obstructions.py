"""`/api/v1/city/obstructions`: what is in the way now."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_gis.fields import GeometryField

from apps.base import clock
from apps.city.models import Obstruction
from apps.city.selectors.boxes import read_box
from apps.city.selectors.obstructions import active_at


class ObstructionFilter(filters.FilterSet):
    bbox = filters.CharFilter(method="within", help_text="west,south,east,north in degrees")

    class Meta:
        model = Obstruction
        fields = ("kind", "state")

    def within(self, rows: QuerySet[Obstruction], name: str, value: str) -> QuerySet[Obstruction]:
        return rows.filter(geom__bboverlaps=read_box(value, field=name))


class ObstructionSerializer(serializers.ModelSerializer[Obstruction]):
    """As the live topic `city.obstructions:all` shows it; photo and source stay with staff."""

    id = serializers.UUIDField(source="code")
    geometry = GeometryField(source="geom")
    stops = serializers.ListField(child=serializers.ChoiceField(choices=Obstruction.Stops.choices))

    class Meta:
        model = Obstruction
        fields = (
            "id", "version", "kind", "state", "description", "geometry", "depth_m",
            "width_left_m", "stops", "certainty", "valid_from", "valid_to",
        )  # fmt: skip


class ObstructionList(ListAPIView[Obstruction]):
    """What is in the way now, reported or confirmed."""

    queryset = Obstruction.objects.all()
    serializer_class = ObstructionSerializer
    filterset_class = ObstructionFilter

    def get_queryset(self) -> QuerySet[Obstruction]:
        return active_at(clock.now())

    @extend_schema(operation_id="city_obstructions_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)
