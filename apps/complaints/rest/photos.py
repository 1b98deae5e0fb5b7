"""`/api/v1/complaints/photos`: photos taken in and shown; `/preview`: what the city makes of it."""

from typing import Any

from django.contrib.gis.geos import Point
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.base import clock, tokens
from apps.base.geo import WGS84
from apps.base.problems import Invalid, NotFound
from apps.city.models import metres_of, the_city
from apps.complaints.core.urgent import find_danger
from apps.complaints.models import Attachment, Service, ServiceRequest
from apps.complaints.rest.asking import SECRET, given, is_own
from apps.complaints.rest.requests import FilingThrottle, emergency_number
from apps.complaints.rest.serializers import (
    PhotoSerializer,
    PhotoUploadSerializer,
    PreviewAnswerSerializer,
    PreviewSerializer,
    language,
)
from apps.complaints.services.classification import suggest
from apps.complaints.services.duplicates import Similar, Sketch, find_similar
from apps.complaints.services.filing import UNSORTED
from apps.complaints.services.photos import TOKEN, take_photo
from apps.complaints.services.places import check_jurisdiction
from apps.complaints.services.privacy import clean


class PhotoUploadView(GenericAPIView[Attachment]):
    queryset = Attachment.objects.none()
    serializer_class = PhotoUploadSerializer
    parser_classes = [MultiPartParser]

    def get_throttles(self) -> list[Any]:
        return [*super().get_throttles(), FilingThrottle()]

    @extend_schema(
        operation_id="complaints_photos_create",
        request={"multipart/form-data": PhotoUploadSerializer},
        responses={201: PhotoSerializer},
    )
    def post(self, request: Request) -> Response:
        """Take one photo in. Where and when it was taken is offered back before it is stripped."""
        upload = request.FILES.get("photo")
        if upload is None:
            raise Invalid(errors={"photo": "photo"})
        return Response(PhotoSerializer(take_photo(content=upload.read())).data, status=201)


class PhotoView(GenericAPIView[Attachment]):
    queryset = Attachment.objects.none()
    serializer_class = PhotoSerializer

    @extend_schema(
        operation_id="complaints_photos_retrieve",
        parameters=[OpenApiParameter("code", OpenApiTypes.UUID, OpenApiParameter.PATH), SECRET],
        responses={(200, "image/*"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, code: str) -> FileResponse:
        """The picture: to everybody the blurred one, to its reporter the one they took."""
        row = Attachment.objects.select_related("media", "blurred", "request").filter(code=code)
        attachment = row.first()
        if attachment is None or attachment.request is None:
            raise NotFound
        own = is_own(request, attachment.request)
        shown = attachment.media if own else attachment.blurred
        if shown is None or not (own or attachment.request.visible()):
            raise NotFound
        cached = "private, no-store" if own else "public, max-age=3600"
        return FileResponse(
            shown.file.open("rb"), content_type=shown.content_type,
            headers={"Cache-Control": cached, "X-Content-Type-Options": "nosniff"},
        )  # fmt: skip


class PreviewView(GenericAPIView[ServiceRequest]):
    queryset = ServiceRequest.objects.none()
    serializer_class = PreviewSerializer
    pagination_class = None

    @extend_schema(
        operation_id="complaints_preview",
        request=PreviewSerializer,
        responses=PreviewAnswerSerializer,
    )
    def post(self, request: Request) -> Response:
        """What the city makes of a report that is not filed yet.

        Says whether it speaks of danger, what it may be about, and who reported it already.
        """
        data = given(PreviewSerializer(data=request.data))
        danger = find_danger(data["description"])
        masked = clean(data["description"]).masked
        _version, guesses, _decides = suggest(masked, language())
        services = Service.objects.offered().in_bulk(
            [guess.label for guess in guesses], field_name="service_code"
        )
        body = {
            "danger": danger.kind if danger else "",
            "emergency_number": emergency_number() if danger else "",
            "masked": masked,
            "suggestions": [
                {"service_code": guess.label, "names": services[guess.label].names,
                 "probability": round(guess.probability, 3)}
                for guess in guesses if guess.label in services
            ],
            "similar": [_shown(one) for one in _similar(data, masked)],
        }  # fmt: skip
        return Response(PreviewAnswerSerializer(body).data)


def _similar(data: dict[str, Any], masked: str) -> list[Similar]:
    code = data["service_code"] or UNSORTED
    service = Service.objects.offered().filter(service_code=code).first()
    lon, lat = data["lon"], data["lat"]
    if service is None or lon is None or lat is None:
        return []
    city = the_city()
    check_jurisdiction(lon, lat, city)
    codes = [tokens.read(TOKEN, token) for token in data["photos"]]
    hashes = Attachment.objects.filter(code__in=codes).values_list(
        "media__perceptual_hash", flat=True
    )
    sketch = Sketch(
        text=masked, service=service, at=clock.now(), photo_hashes=tuple(hashes),
        geom_m=metres_of(Point(lon, lat, srid=WGS84), srid=city.srid),
    )  # fmt: skip
    return [one for one in find_similar(sketch) if one.request.visible()]


def _shown(one: Similar) -> ServiceRequest:
    row: Any = one.request
    row.distance_m = None if one.likeness.distance_m is None else round(one.likeness.distance_m, 1)
    row.likeness = round(one.likeness.score, 3)
    return one.request
