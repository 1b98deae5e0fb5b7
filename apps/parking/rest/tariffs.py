"""`/api/v1/parking/sites/{code}/tariff`: what parking costs there."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.parking.models import ParkingSite
from apps.parking.rest.reservation_serializers import SiteTariffSerializer
from apps.parking.services.tariffs import tariffs_shown


class SiteTariffView(GenericAPIView[ParkingSite]):
    queryset = ParkingSite.objects.in_use()
    serializer_class = SiteTariffSerializer
    pagination_class = None

    @extend_schema(
        operation_id="parking_sites_tariff",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH)],
        filters=False,
        responses=SiteTariffSerializer(many=True),
    )
    def get(self, _request: Request, code: str) -> Response:
        """The tariffs in force today, by category, with examples."""
        site: ParkingSite = get_object_or_404(self.get_queryset(), code=code)
        return Response(self.get_serializer(tariffs_shown(site), many=True).data)
