"""`/api/v1/navigation/routes`: a way, why it is not shorter, and what a camera draws of it."""

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.base.answers import is_known
from apps.base.problems import Invalid
from apps.navigation.core.anchors import as_payload, window
from apps.navigation.models import Route
from apps.navigation.rest.requests import given, lonlat, person_behind
from apps.navigation.rest.shapes import (
    AnchorsSerializer,
    ExplanationSerializer,
    RouteRequestSerializer,
    RouteSerializer,
    RoutesSerializer,
)
from apps.navigation.selectors.telling import etag_of, explanation_rows, feature
from apps.navigation.selectors.walks import Walk, route_for, walk_of
from apps.navigation.selectors.wording import into
from apps.navigation.services.routes import choose_profile, plan_routes

CODE = OpenApiParameter("code", OpenApiTypes.UUID, OpenApiParameter.PATH)
LONGEST_WINDOW_M = 500.0
WINDOW_M = 150.0


class RoutesView(GenericAPIView[Route]):
    serializer_class = RouteRequestSerializer

    @extend_schema(operation_id="navigation_routes_create", responses={201: RoutesSerializer})
    def post(self, request: Request) -> Response:
        """Ways for one person, the best first. They are kept for a day.

        Nobody has to sign in. A problem document names the place at fault and what to try, or the
        smallest relaxations where no way keeps within the limits.
        """
        asked = given(self.get_serializer(data=request.data))
        person = person_behind(request)
        profile = choose_profile(
            person=person,
            base=asked.get("profile"),
            limits=asked.get("limits"),
            strict=asked["strict"],
        )
        stops = [asked["origin"], *asked["via"], asked["destination"]]
        routes = plan_routes(
            profile=profile,
            stops=[lonlat(stop) for stop in stops],
            depart_at=asked.get("depart_at"),
            alternatives=asked["alternatives"],
            person=person,
        )
        features = [feature(walk_of(route)) for route in routes]
        return Response({"type": "FeatureCollection", "features": features}, status=201)


class _OneRoute(GenericAPIView[Route]):
    queryset = Route.objects.none()

    def walk(self, request: Request, code: str) -> Walk:
        return walk_of(route_for(code, person_behind(request)))


class RouteView(_OneRoute):
    serializer_class = RouteSerializer

    @extend_schema(operation_id="navigation_routes_retrieve", parameters=[CODE])
    def get(self, request: Request, code: str) -> Response:
        """A route again, with what stands on it now. Has an ETag, so that apps may poll."""
        walk = self.walk(request, code)
        return _tagged(request, etag_of(walk), lambda: feature(walk))


class ExplanationView(_OneRoute):
    serializer_class = ExplanationSerializer

    @extend_schema(operation_id="navigation_routes_explanation", parameters=[CODE])
    def get(self, request: Request, code: str) -> Response:
        """Why not the shorter way: each thing that closes it to this person."""
        return Response(explanation_rows(self.walk(request, code).legs))


class AnchorsView(_OneRoute):
    serializer_class = AnchorsSerializer

    @extend_schema(
        operation_id="navigation_routes_ar_anchors",
        parameters=[
            CODE,
            OpenApiParameter("from_m", float, description="Where the window begins; 0."),
            OpenApiParameter("len", float, description="Its length in metres; 150, at most 500."),
        ],
    )
    def get(self, request: Request, code: str) -> Response:
        """A window of the way for a camera view: line, anchors, cues and hazards."""
        walk = self.walk(request, code)
        from_m = _metres(request, "from_m", 0.0)
        length_m = min(_metres(request, "len", WINDOW_M), LONGEST_WINDOW_M)
        etag = f'{etag_of(walk)[:-1]}-{from_m:g}-{length_m:g}"'
        return _tagged(request, etag, lambda: _window(walk, from_m, length_m, etag))


def _window(walk: Walk, from_m: float, length_m: float, etag: str) -> dict[str, Any]:
    languages = {code: into(code) for code, _name in settings.LANGUAGES}
    payload = as_payload(walk.stage, window(walk.stage, from_m, length_m), languages)
    payload["window"]["etag"] = etag
    return payload | {"route": str(walk.route.code), "build": str(walk.route.build.code)}


def _metres(request: Request, name: str, default: float) -> float:
    try:
        value = float(request.query_params.get(name, default))
    except ValueError as error:
        raise Invalid(errors={name: str(error)}) from error
    if not 0 <= value < 1e6:
        raise Invalid(errors={name: "0 … 1000000"})
    return value


def _tagged(request: Request, etag: str, render: Any) -> Response:
    """304 where the client has this already."""
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Language"}
    if is_known(request.headers.get("If-None-Match"), etag):
        return Response(status=304, headers=headers)
    return Response(render(), headers=headers)
