"""`/api/v1/parking/sites/{code}/outlook` and `/arrival`: what will be free, and the chance of a
space on arrival; `/guidance`: cars on their way there."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.parking.models import CapacityPool, Category, ParkingSite, PoolOutlook
from apps.parking.selectors import arrival_at, outlooks_of
from apps.parking.services.guidance import LONGEST_MIN, call_car_off, find_pool, send_car

SITE = OpenApiParameter("code", str, OpenApiParameter.PATH)
INTERVAL = 0.9


class OutlookPointSerializer(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(help_text="from made_at on")
    at = serializers.DateTimeField()
    free = serializers.IntegerField()
    free_low = serializers.IntegerField()
    free_high = serializers.IntegerField()


class OutlookSerializer(serializers.Serializer[Any]):
    category = serializers.ChoiceField(choices=Category.choices)
    total = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    trained_at = serializers.DateTimeField(
        allow_null=True, help_text="null: from recent weeks alone, nothing was trained yet"
    )
    interval = serializers.FloatField(help_text="share of cases within the bounds")
    points = OutlookPointSerializer(many=True)


class ArrivalQuestionSerializer(serializers.Serializer[Any]):
    category = serializers.ChoiceField(choices=Category.choices, default=Category.GENERAL)
    after_min = serializers.FloatField(min_value=0, max_value=LONGEST_MIN)


class ArrivalSerializer(serializers.Serializer[Any]):
    chance = serializers.FloatField(help_text="of a free space on arrival, 0 to 1")
    expected_free = serializers.FloatField(allow_null=True)
    low_free = serializers.FloatField(allow_null=True)
    high_free = serializers.FloatField(allow_null=True)
    by = serializers.ChoiceField(choices=["forecast", "chain", "nothing"])


class GuidanceSerializer(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    arrives_at = serializers.DateTimeField()
    chance = serializers.FloatField(help_text="of a free space on arrival, 0 to 1")


class OutlookView(GenericAPIView[ParkingSite]):
    queryset = ParkingSite.objects.in_use()
    serializer_class = OutlookSerializer
    pagination_class = None

    @extend_schema(
        operation_id="parking_sites_outlook", parameters=[SITE], filters=False,
        responses=OutlookSerializer(many=True),
    )  # fmt: skip
    def get(self, _request: Request, code: str) -> Response:
        """The forecast of each pool for the next day, with the bounds that hold nine times of ten.
        Empty where too little is known of the past."""
        site: Any = get_object_or_404(self.get_queryset().only("pk"), code=code)
        return Response(OutlookSerializer(map(shown_outlook, outlooks_of(site.pk)), many=True).data)


def shown_outlook(outlook: PoolOutlook) -> dict[str, Any]:
    total = outlook.pool.total
    columns = zip(outlook.minutes, outlook.expected, outlook.low, outlook.high, strict=True)
    return {
        "category": outlook.pool.category,
        "total": total,
        "made_at": outlook.made_at,
        "trained_at": outlook.model.trained_at if outlook.model else None,
        "interval": INTERVAL,
        "points": [
            {
                "minutes": minutes,
                "at": outlook.made_at + timedelta(minutes=minutes),
                "free": round(total * (1 - expected)),
                "free_low": round(total * (1 - high)),
                "free_high": round(total * (1 - low)),
            }
            for minutes, expected, low, high in columns
        ],
    }


class ArrivalView(GenericAPIView[CapacityPool]):
    serializer_class = ArrivalSerializer
    queryset = CapacityPool.objects.none()
    pagination_class = None

    @extend_schema(
        operation_id="parking_sites_arrival",
        parameters=[SITE, ArrivalQuestionSerializer],
        responses=ArrivalSerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        """The chance of a free space for who arrives in so many minutes, with the cars already sent
        there counted."""
        asked = _asked(request.query_params)
        pool = find_pool(code, asked["category"])
        return Response(ArrivalSerializer(asdict(arrival_at(pool, asked["after_min"]))).data)


def _asked(data: Any) -> Any:
    serializer = ArrivalQuestionSerializer(data=data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


class GuidanceView(GenericAPIView[CapacityPool]):
    serializer_class = ArrivalQuestionSerializer
    queryset = CapacityPool.objects.none()

    @extend_schema(
        operation_id="parking_guidance_create",
        parameters=[SITE],
        request=ArrivalQuestionSerializer,
        responses={201: GuidanceSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """I drive there: count me among those who come, until I have come. Nobody is named."""
        asked = _asked(request.data)
        pool = find_pool(code, asked["category"])
        meets = arrival_at(pool, asked["after_min"])
        car = send_car(pool=pool, after_min=asked["after_min"])
        body = {"code": car.code, "arrives_at": car.arrives_at, "chance": meets.chance}
        return Response(GuidanceSerializer(body).data, status=201)


class GuidanceEndView(GenericAPIView[CapacityPool]):
    serializer_class = GuidanceSerializer
    queryset = CapacityPool.objects.none()

    @extend_schema(
        operation_id="parking_guidance_destroy",
        parameters=[OpenApiParameter("code", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={204: None},
    )
    def delete(self, _request: Request, code: str) -> Response:
        """I have come, or go elsewhere."""
        call_car_off(code=code)
        return Response(status=204)
