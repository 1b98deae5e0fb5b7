"""SPaT as JSON: what every junction shows at this moment, for cars, bicycles and other systems."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.base import clock
from apps.base.problems import Malformed
from apps.traffic.selectors.junctions import intersections
from apps.traffic.services.states import take_spat
from devices.ingest.speaker import GATEWAY_KEY, from_header
from devices.protocols import spat


class SpatView(APIView):
    authentication_classes = ()

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

    @extend_schema(
        operation_id="traffic_spat_tell",
        summary="SPaT of junctions that another system controls",
        description="By the gateway that each junction names. What is refused is listed with the"
        " reason; the rest is taken.",
        request=OpenApiTypes.OBJECT,
        responses={200: OpenApiTypes.OBJECT},
        tags=["traffic"],
        auth=GATEWAY_KEY,
    )
    def post(self, request: Request) -> Response:
        who = from_header(request.headers.get("Authorization", ""))
        try:
            said = spat.decode(request.data, now=clock.now())
        except spat.Unreadable as error:
            raise Malformed(str(error)) from error
        return Response(take_spat(gateway_id=who.gateway_id, said=said))
