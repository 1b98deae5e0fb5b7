"""`/api/v1/navigation/matrix`: times and lengths between many places."""

from typing import Any

import numpy as np
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.navigation.core.arrays import F8
from apps.navigation.models import Route
from apps.navigation.rest.requests import given, lonlat, person_behind
from apps.navigation.rest.shapes import MatrixRequestSerializer, MatrixSerializer
from apps.navigation.selectors.travel import travel_matrix
from apps.navigation.services.routes import choose_profile


class MatrixView(GenericAPIView[Route]):
    serializer_class = MatrixRequestSerializer

    @extend_schema(operation_id="navigation_matrix_create", responses={200: MatrixSerializer})
    def post(self, request: Request) -> Response:
        """Seconds and metres from each origin to each destination, on foot, on wheels or by car."""
        asked = given(self.get_serializer(data=request.data))
        travel = travel_matrix(
            profile=self._profile(request, asked),
            origins=[lonlat(place) for place in asked["origins"]],
            destinations=[lonlat(place) for place in asked["destinations"]],
            at=asked.get("at"),
        )
        return Response({"seconds": _rows(travel.seconds), "metres": _rows(travel.metres)})

    def _profile(self, request: Request, asked: dict[str, Any]) -> Any:
        if asked.get("profile") == "car":
            return "car"
        return choose_profile(
            person=person_behind(request),
            base=asked.get("profile"),
            limits=asked.get("limits"),
            strict=asked["strict"],
        )


def _rows(values: F8) -> list[list[float | None]]:
    return [[round(v, 1) if np.isfinite(v) else None for v in row] for row in values.tolist()]
