"""`/api/v1/navigation/lifts`: lifts and escalators with their state now."""

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.base.pagination import Pages
from apps.navigation.models import Lift
from apps.navigation.rest.shapes import LiftSerializer


class ByCode(Pages):
    ordering = "code"


class LiftListView(GenericAPIView[Lift]):
    serializer_class = LiftSerializer
    pagination_class = ByCode
    filterset_fields = ("kind", "state")
    queryset = Lift.objects.all()

    @extend_schema(operation_id="navigation_lifts_list", responses=LiftSerializer(many=True))
    def get(self, _request: Request) -> Response:
        """Lifts and escalators; those out of order are obstructions, too."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
