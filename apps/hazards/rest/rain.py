"""`/api/v1/hazards/rain-forecasts`: gateways tell what is foreseen to fall."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.hazards.models import RainForecast
from apps.hazards.services.rain_forecasts import (
    MOST_HOURS,
    MOST_MM,
    MOST_SPOTS,
    Spot,
    take_rain_forecast,
)
from devices.ingest.speaker import from_header


class SpotSerializer(serializers.Serializer[Any]):
    """A catchment by its code, or the middle of a cell of a grid."""

    catchment = serializers.SlugField(required=False)
    lon = serializers.FloatField(min_value=-180, max_value=180, required=False)
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False)
    mm_by_hour = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=MOST_MM), min_length=1,
        max_length=MOST_HOURS, help_text="millimetres, hour by hour from `from_at`",
    )  # fmt: skip


class RainForecastSerializer(serializers.Serializer[Any]):
    issued_at = serializers.DateTimeField()
    from_at = serializers.DateTimeField(help_text="begin of the first hour")
    spots = serializers.ListField(child=SpotSerializer(), min_length=1, max_length=MOST_SPOTS)


class TakenSerializer(serializers.Serializer[Any]):
    catchments = serializers.ListField(child=serializers.CharField())


class RainForecastView(GenericAPIView[RainForecast]):
    serializer_class = RainForecastSerializer
    authentication_classes = []
    queryset = RainForecast.objects.none()

    @extend_schema(
        operation_id="hazards_rain_forecasts_create",
        parameters=[
            OpenApiParameter(
                "Authorization", str, OpenApiParameter.HEADER, required=True,
                description="`Gateway KEY`, as for observations.",
            )
        ],
        responses={201: TakenSerializer},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """A forecast for catchments, or on a grid: each catchment takes the mean of the cells whose
        middle lies in it, else the nearest cell within ten kilometres. The same issue again
        replaces it."""
        speaker = from_header(request.headers.get("Authorization", ""))
        body = RainForecastSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        told = body.validated_data
        taken = take_rain_forecast(
            source=speaker.code,
            issued_at=told["issued_at"],
            from_at=told["from_at"],
            spots=[Spot(**spot) for spot in told["spots"]],
        )
        codes = [forecast.catchment.code for forecast in taken]
        return Response({"catchments": codes}, status=201)
