"""SPaT as JSON: what every junction shows at this moment, for cars, bicycles and other systems."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.traffic.selectors.junctions import intersections
from devices.protocols import spat


class SpatView(APIView):
    @extend_schema(
        operation_id="traffic_spat",
        summary="Signal phases and timing of all junctions heard within three seconds",
        description="SAE J2735 SPaT in the JSON shape of USDOT's Operational Data Environment.",
        responses={200: OpenApiTypes.OBJECT},
        tags=["traffic"],
    )
    def get(self, _request: Request) -> Response:
        body: dict[str, Any] = spat.encode(intersections())
        return Response(body, headers={"Cache-Control": "no-store"})
