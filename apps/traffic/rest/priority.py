"""`/api/v1/traffic/junctions/{code}/priority-requests`: vehicles that ask for green, by gateways
that were granted it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.traffic.models import VehicleKind
from apps.traffic.services.priority import end_priority, request_priority
from devices.ingest.speaker import GATEWAY_KEY, from_header


class PriorityRequestSerializer(serializers.Serializer[Any]):
    """`reference` names the vehicle or its run; the same again corrects its time."""

    group = serializers.IntegerField(min_value=1, help_text="signal group of the approach")
    kind = serializers.ChoiceField(choices=VehicleKind.choices)
    reference = serializers.CharField(max_length=80)
    arrives_at = serializers.DateTimeField(help_text="within three minutes from now")


class PriorityRequestsView(APIView):
    authentication_classes = ()

    @extend_schema(
        operation_id="traffic_priority_request", summary="Ask for green for a vehicle",
        request=PriorityRequestSerializer, responses={202: PriorityRequestSerializer},
        tags=["traffic"], auth=GATEWAY_KEY,
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        who = from_header(request.headers.get("Authorization", ""))
        asked = PriorityRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        request_priority(gateway_id=who.gateway_id, junction=code, **asked.validated_data)
        return Response(asked.data, status=202)


class PriorityRequestView(APIView):
    authentication_classes = ()

    @extend_schema(
        operation_id="traffic_priority_end", summary="The vehicle has passed",
        responses={204: None}, tags=["traffic"], auth=GATEWAY_KEY,
    )  # fmt: skip
    def delete(self, request: Request, code: str, reference: str) -> Response:
        who = from_header(request.headers.get("Authorization", ""))
        end_priority(gateway_id=who.gateway_id, junction=code, reference=reference)
        return Response(status=204)
