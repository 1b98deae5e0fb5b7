"""`/api/v1/hazards/inundation`: what is wet now and what a forecast would wet."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.hazards.selectors.water import wet_now


class InundationView(APIView):
    """Areas as GeoJSON. Along a `reach` the `band` is `now`, or `p10`, `p50`, `p90` of the
    forecast's highest hour; in an `underpass` it is `now` or `foreseen`, `measured` or computed."""

    @extend_schema(operation_id="hazards_inundation", responses=OpenApiTypes.OBJECT)
    def get(self, _request: Request) -> Response:
        return Response(wet_now())
