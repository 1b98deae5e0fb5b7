"""`me`: the signed-in person, their addresses, and their own data."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle

from apps.accounts import services
from apps.accounts.models import Contact, Person
from apps.accounts.rest.serializers import (
    ContactSerializer,
    ErasureSerializer,
    PersonSerializer,
)
from apps.accounts.selectors.persons import person_of
from apps.base.problems import NotFound

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Makes a repetition harmless."
)


class MeView(GenericAPIView[Person]):
    serializer_class = PersonSerializer
    permission_classes = [IsAuthenticated]

    def get(self, request: Request) -> Response:
        """The signed-in person."""
        return Response(self.get_serializer(person_of(request.user)).data)

    def patch(self, request: Request) -> Response:
        """Change how to be called, or the language."""
        given = self.get_serializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        person = services.update_person(person=person_of(request.user), **given.validated_data)
        return Response(self.get_serializer(person).data)

    @extend_schema(parameters=[IDEMPOTENCY_KEY], responses={200: ErasureSerializer})
    def delete(self, request: Request) -> Response:
        """Let go of everything the city keeps of the person, and end all sessions.

        The answer says what was removed, freed of the person, or kept, and why.
        """
        parts = services.erase_person(
            person=person_of(request.user), key=request.headers.get("Idempotency-Key")
        )
        return Response({"parts": parts})


class ContactListView(ListAPIView[Contact]):
    """The person's addresses."""

    serializer_class = ContactSerializer
    permission_classes = [IsAuthenticated]
    queryset = Contact.objects.none()

    def get_queryset(self) -> Any:
        return Contact.objects.filter(person=person_of(self.request.user))


class ContactView(GenericAPIView[Contact]):
    permission_classes = [IsAuthenticated]
    serializer_class = ContactSerializer
    queryset = Contact.objects.none()
    lookup_field = "code"

    @extend_schema(parameters=[OpenApiParameter("code", OpenApiTypes.UUID, OpenApiParameter.PATH)])
    def delete(self, request: Request, code: str) -> Response:
        """Give an address up. The last one that opens a session stays."""
        person = person_of(request.user)
        contact = Contact.objects.filter(person=person, code=code).first()
        if contact is None:
            raise NotFound
        services.remove_contact(person=person, contact=contact)
        return Response(status=204)


class ExportThrottle(UserRateThrottle):
    scope = "export"
    rate = "10/hour"


class ExportView(GenericAPIView[Person]):
    permission_classes = [IsAuthenticated]
    throttle_classes = [ExportThrottle]

    @extend_schema(
        request=None,
        responses={
            (200, "application/json"): OpenApiResponse(OpenApiTypes.OBJECT),
            (200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY),
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """Everything the city keeps of the person: JSON, or a ZIP where photos belong to it."""
        export = services.export_person(person=person_of(request.user))
        return HttpResponse(
            export.content,
            content_type=export.content_type,
            headers={
                "Content-Disposition": f'attachment; filename="{export.filename}"',
                "Cache-Control": "no-store",
            },
        )
