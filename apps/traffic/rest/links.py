"""`/api/v1/traffic/links`: how the city's streets flow, now and in the next hour."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.base.answers import etag_over, is_known
from apps.base.problems import Invalid
from apps.traffic.selectors.links import link_features

TTL_S = 5


class LinksView(APIView):
    @extend_schema(
        operation_id="traffic_links",
        summary="Links with their speed, level and forecast as GeoJSON",
        description="Only links of which something was seen within ten minutes. `ahead_kmh` are the"
        " speeds expected in 15, 30 and 60 minutes. With an ETag; If-None-Match answers 304.",
        parameters=[OpenApiParameter("bbox", str, description="west,south,east,north in degrees")],
        responses={200: OpenApiTypes.OBJECT},
        tags=["traffic"],
    )
    def get(self, request: Request) -> Response:
        features = link_features(_box(request))
        versions = repr([(f["id"], f["properties"]["version"]) for f in features])
        etag = etag_over(versions.encode())
        headers = {"ETag": etag, "Cache-Control": f"public, max-age={TTL_S}"}
        if is_known(request.headers.get("If-None-Match"), etag):
            return Response(status=304, headers=headers)
        body: dict[str, Any] = {"type": "FeatureCollection", "features": features}
        return Response(body, headers=headers)


def _box(request: Request) -> tuple[float, float, float, float] | None:
    text = request.query_params.get("bbox")
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid(errors={"bbox": _("Four numbers: west,south,east,north.")}) from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid(errors={"bbox": _("west ≤ east and south ≤ north, in degrees.")})
    return west, south, east, north
