"""What is asked, and what the person agreed to."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView, ListCreateAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import services
from apps.accounts.models import Consent
from apps.accounts.rest.serializers import ConsentSerializer, PurposeSerializer
from apps.accounts.selectors.consents import purposes
from apps.accounts.selectors.persons import person_of


class PurposeListView(GenericAPIView[Consent]):
    serializer_class = PurposeSerializer

    @extend_schema(responses=PurposeSerializer(many=True), filters=False)
    def get(self, _request: Request) -> Response:
        """What people are asked to agree to, in the words in force."""
        return Response(
            [
                {"purpose": name, "title": p.title, "text": p.text, "version": p.version}
                for name, p in purposes.items()
            ]
        )


class NewestFirst(CursorPagination):
    page_size = 50
    ordering = ("-given_at", "-pk")


class ConsentListView(ListCreateAPIView[Consent]):
    """The person's consents, standing and withdrawn; giving one."""

    serializer_class = ConsentSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = NewestFirst
    queryset = Consent.objects.none()

    def get_queryset(self) -> Any:
        return Consent.objects.filter(person=person_of(self.request.user))

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = services.give_consent(
            person=person_of(self.request.user), **serializer.validated_data
        )


class ConsentView(GenericAPIView[Consent]):
    permission_classes = [IsAuthenticated]
    serializer_class = ConsentSerializer
    queryset = Consent.objects.none()

    @extend_schema(
        parameters=[OpenApiParameter("purpose", OpenApiTypes.STR, OpenApiParameter.PATH)]
    )
    def delete(self, request: Request, purpose: str) -> Response:
        """Take a consent back; what it allowed is let go of at once."""
        services.withdraw_consent(person=person_of(request.user), purpose=purpose)
        return Response(status=204)
