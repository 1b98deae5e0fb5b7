"""`/api/v1/parking/sites/{code}/evidence`: whom a number comes from; `/reports`: what is said."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Person
from apps.parking.models import Category, CitizenReport, Exclusion, ParkingSite, PoolFeed
from apps.parking.selectors import evidence_for
from apps.parking.services.guidance import find_pool
from apps.parking.services.reports import report_pool

SITE = OpenApiParameter("code", str, OpenApiParameter.PATH)


class EvidenceSerializer(serializers.Serializer[Any]):
    category = serializers.ChoiceField(choices=Category.choices)
    gateway = serializers.CharField()
    datastream = serializers.CharField()
    role = serializers.ChoiceField(choices=PoolFeed.Role.choices)
    bay = serializers.CharField(allow_null=True)
    result = serializers.FloatField(allow_null=True, help_text="its last word")
    total = serializers.FloatField(allow_null=True, help_text="of running counters: counted in all")
    observed_at = serializers.DateTimeField(allow_null=True)
    fresh_until = serializers.DateTimeField(allow_null=True)
    trust = serializers.FloatField(help_text="0 to 1, how well it has agreed with the others")
    excluded = serializers.ChoiceField(
        choices=Exclusion.Reason.choices, allow_null=True, help_text="why it is not believed"
    )
    alarm = serializers.CharField(allow_null=True, help_text="what its gateway is warned of")


class ReportSerializer(serializers.Serializer[Any]):
    category = serializers.ChoiceField(choices=Category.choices, default=Category.GENERAL)
    says = serializers.ChoiceField(choices=CitizenReport.Says.choices)


class EvidenceView(GenericAPIView[ParkingSite]):
    queryset = ParkingSite.objects.in_use()
    serializer_class = EvidenceSerializer
    pagination_class = None

    @extend_schema(
        operation_id="parking_sites_evidence", parameters=[SITE], filters=False,
        responses=EvidenceSerializer(many=True),
    )  # fmt: skip
    def get(self, _request: Request, code: str) -> Response:
        """Every device that speaks for a site: its last word, its age, and whether it is
        believed."""
        site: Any = get_object_or_404(self.get_queryset().only("pk"), code=code)
        return Response(EvidenceSerializer(evidence_for(site.pk), many=True).data)


class ReportView(GenericAPIView[ParkingSite]):
    queryset = ParkingSite.objects.none()
    serializer_class = ReportSerializer

    @extend_schema(
        operation_id="parking_sites_report", parameters=[SITE], responses={201: ReportSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        """It was full, or there was a space: weighed with what the devices say."""
        data = ReportSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        pool = find_pool(code, data.validated_data["category"])
        report_pool(pool=pool, says=data.validated_data["says"], reporter=_reporter(request))
        return Response(data.validated_data, status=201)


def _reporter(request: Request) -> str:
    person: Person | None = getattr(request.user, "person", None)
    return str(person.code) if person else str(request.META.get("REMOTE_ADDR", ""))
