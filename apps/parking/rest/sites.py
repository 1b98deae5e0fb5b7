"""`/api/v1/parking/sites`: where one can park, and how much is free."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.base.pagination import Pages
from apps.base.problems import Invalid
from apps.parking.models import Category, ParkingSite
from apps.parking.rest.serializers import SiteSerializer
from apps.parking.selectors import site_rows


class SiteFilter(filters.FilterSet):
    bbox = filters.CharFilter(method="within", help_text="west,south,east,north in degrees")
    category = filters.ChoiceFilter(method="of_category", choices=Category.choices)

    class Meta:
        model = ParkingSite
        fields = ("kind",)

    def within(self, sites: QuerySet[ParkingSite], name: str, value: str) -> QuerySet[ParkingSite]:
        try:
            west, south, east, north = (float(part) for part in value.split(","))
        except ValueError as error:
            raise Invalid(errors={name: _("Four numbers: west,south,east,north.")}) from error
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise Invalid(errors={name: _("west ≤ east and south ≤ north, in degrees.")})
        return sites.within(west, south, east, north)  # type: ignore[attr-defined, no-any-return]

    def of_category(
        self, sites: QuerySet[ParkingSite], _name: str, value: str
    ) -> QuerySet[ParkingSite]:
        return sites.with_category(value)  # type: ignore[attr-defined, no-any-return]


class SiteList(GenericAPIView[ParkingSite]):
    """Parking sites with what is free now."""

    queryset = ParkingSite.objects.in_use()
    serializer_class = SiteSerializer
    filterset_class = SiteFilter
    pagination_class = Pages

    @extend_schema(operation_id="parking_sites_list", responses=SiteSerializer(many=True))
    def get(self, request: Request) -> Response:
        sites = self.paginate_queryset(self.filter_queryset(self.get_queryset().only("pk")))
        assert sites is not None, "lists are paged"
        rows = site_rows([site.pk for site in sites])
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class SiteDetail(GenericAPIView[ParkingSite]):
    """One parking site with what is free now."""

    queryset = ParkingSite.objects.in_use()
    serializer_class = SiteSerializer

    @extend_schema(
        operation_id="parking_sites_retrieve",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH)],
        responses=SiteSerializer,
    )
    def get(self, _request: Request, code: str) -> Response:
        site: Any = get_object_or_404(self.get_queryset().only("pk"), code=code)
        return Response(self.get_serializer(site_rows([site.pk])[0]).data)
