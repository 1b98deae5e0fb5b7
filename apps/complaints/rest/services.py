"""`/api/v1/complaints/services`: what can be reported."""

from django.db.models import Prefetch
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.complaints.models import Service, ServiceAttribute
from apps.complaints.rest.serializers import ServiceSerializer

OFFERED = (
    Service.objects.offered()
    .select_related("group")
    .prefetch_related(
        Prefetch("attributes", ServiceAttribute.objects.filter(is_variable=True).order_by("order"))
    )
)


class ServiceListView(GenericAPIView[Service]):
    queryset = Service.objects.none()
    serializer_class = ServiceSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(operation_id="complaints_services_list", responses=ServiceSerializer(many=True))
    def get(self, _request: Request) -> Response:
        """Everything that can be reported, with its questions."""
        return Response(self.get_serializer(OFFERED.all(), many=True).data)


class ServiceView(GenericAPIView[Service]):
    queryset = Service.objects.none()
    serializer_class = ServiceSerializer
    pagination_class = None

    @extend_schema(
        operation_id="complaints_services_retrieve",
        parameters=[OpenApiParameter("service_code", str, OpenApiParameter.PATH)],
    )
    def get(self, _request: Request, service_code: str) -> Response:
        """One service."""
        return Response(
            self.get_serializer(get_object_or_404(OFFERED, service_code=service_code)).data
        )
