"""`/api/v1/complaints/requests`: filing, finding again, and everything its reporter may do."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle

from apps.accounts.selectors.persons import person_of
from apps.base.pagination import Pages
from apps.base.problems import Invalid
from apps.city.selectors.boxes import read_box
from apps.complaints.models import Jurisdiction, ServiceRequest, ServiceRequestQuerySet
from apps.complaints.rest.asking import (
    KEY,
    NUMBER,
    SECRET,
    actor_of,
    given,
    is_own,
    key_of,
    own_request,
    person_asking,
    seen_request,
)
from apps.complaints.rest.serializers import (
    ComplaintReportSerializer,
    FeedbackSerializer,
    FiledSerializer,
    OwnRequestSerializer,
    PublicRequestSerializer,
    ReasonSerializer,
    RequestSerializer,
    WordsSerializer,
    language,
)
from apps.complaints.selectors.requests import near, public_requests, requests_of, within
from apps.complaints.services.feedback import follow_request, give_feedback, unfollow_request
from apps.complaints.services.filing import Report, file_request, tracking_secret
from apps.complaints.services.moving import add_words, reopen_request, withdraw_request

FAR_M = 5000


class FilingThrottle(AnonRateThrottle):
    """Sixty reports an hour and address are more than anybody files."""

    scope = "complaints"
    rate = "60/hour"


class NewestFirst(Pages):
    ordering = ("-requested_at", "-pk")  # type: ignore[assignment]  # DRF takes both


def emergency_number() -> str:
    row = Jurisdiction.objects.filter(pk=Jurisdiction.THE_ONE).only("emergency_number").first()
    return row.emergency_number if row else ""


class RequestListView(GenericAPIView[ServiceRequest]):
    queryset = ServiceRequest.objects.none()
    serializer_class = PublicRequestSerializer
    pagination_class = NewestFirst
    filter_backends = ()

    def get_throttles(self) -> list[Any]:
        more = [FilingThrottle()] if self.request.method == "POST" else []
        return [*super().get_throttles(), *more]

    @extend_schema(
        operation_id="complaints_requests_list",
        parameters=[
            OpenApiParameter("bbox", str, description="west,south,east,north in degrees"),
            OpenApiParameter("near", str, description="lat,lon; see `within_m`"),
            OpenApiParameter("within_m", int, description="With `near`; 500 if left out."),
            OpenApiParameter("service_code", str),
            OpenApiParameter("status", str, enum=["open", "closed"]),
        ],
        responses=PublicRequestSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """What was reported, newest first."""
        rows = _filtered(public_requests().prefetch_related("attachments"), request)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="complaints_requests_create",
        parameters=[KEY],
        request=ComplaintReportSerializer,
        responses={201: FiledSerializer},
    )
    def post(self, request: Request) -> Response:
        """Report something, with or without being signed in.

        The answer holds the number and a secret: with both, anybody follows it without an account.
        """
        data = given(ComplaintReportSerializer(data=request.data))
        photos = data.pop("photos")
        filed = file_request(
            report=Report(**data, photo_tokens=photos, language=language()),
            reporter=person_asking(request),
            actor=actor_of(request),
            key=key_of(request),
        )
        body = _shown(request, filed, own=True) | {
            "secret": tracking_secret(filed),
            "emergency_number": emergency_number() if filed.danger else "",
        }
        return Response(body, status=201)


def _filtered(rows: ServiceRequestQuerySet, request: Request) -> ServiceRequestQuerySet:
    asked = request.query_params
    if box := asked.get("bbox"):
        rows = within(rows, read_box(box))
    if point := asked.get("near"):
        rows = near(rows, *_point(point), metres=_metres(asked.get("within_m", "500")))
    if service := asked.get("service_code"):
        rows = rows.filter(service__service_code=service)
    match asked.get("status", ""):
        case "open":
            rows = rows.filter(closed_at=None)
        case "closed":
            rows = rows.exclude(closed_at=None)
        case "":
            pass
        case _unknown:
            raise Invalid(errors={"status": _("open or closed.")})
    return rows


def _point(text: str) -> tuple[float, float]:
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid(errors={"near": _("Two numbers: lat,lon.")}) from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Invalid(errors={"near": _("Two numbers: lat,lon.")})
    return lon, lat


def _metres(text: str) -> float:
    if not text.isdigit() or not 1 <= int(text) <= FAR_M:
        raise Invalid(errors={"within_m": _("Between 1 and %d metres.") % FAR_M})
    return float(text)


def _shown(request: Request, row: ServiceRequest, *, own: bool) -> dict[str, Any]:
    context = {"own": own, "person": person_asking(request)}
    return dict(RequestSerializer(row, context=context).data)


class MyRequestsView(GenericAPIView[ServiceRequest]):
    queryset = ServiceRequest.objects.none()
    serializer_class = OwnRequestSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = NewestFirst
    filter_backends = ()

    @extend_schema(operation_id="complaints_mine_list", responses=OwnRequestSerializer(many=True))
    def get(self, request: Request) -> Response:
        """What the person reported or follows, newest first."""
        person = person_of(request.user)
        rows = requests_of(person).prefetch_related("attachments")
        page = self.paginate_queryset(rows)
        shown = OwnRequestSerializer(page, many=True, context={"person": person})
        return self.get_paginated_response(shown.data)


class RequestView(GenericAPIView[ServiceRequest]):
    queryset = ServiceRequest.objects.none()
    serializer_class = RequestSerializer

    @extend_schema(operation_id="complaints_requests_retrieve", parameters=[NUMBER, SECRET])
    def get(self, request: Request, number: str) -> Response:
        """Where a request stands, by its number. Its reporter sees more."""
        row = seen_request(request, number)
        return Response(_shown(request, row, own=is_own(request, row)))


class ActionView(RequestView):
    """What the reporter does; the answer is the request as it then stands."""

    http_method_names = ["post", "delete", "options"]

    def answer(self, request: Request, number: str) -> Response:
        return self.get(request, number)


class WithdrawView(ActionView):
    @extend_schema(
        operation_id="complaints_requests_withdraw", parameters=[NUMBER, SECRET, KEY],
        request=ReasonSerializer, responses=RequestSerializer,
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:
        """Take it back."""
        reason = given(ReasonSerializer(data=request.data))["reason"]
        row = own_request(request, number)
        withdraw_request(request=row, actor=actor_of(request), reason=reason, key=key_of(request))
        return self.answer(request, number)


class ReopenView(ActionView):
    @extend_schema(
        operation_id="complaints_requests_reopen", parameters=[NUMBER, SECRET, KEY],
        request=ReasonSerializer, responses=RequestSerializer,
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:
        """It is not done: open it again, within 30 days, and say why."""
        reason = given(ReasonSerializer(data=request.data))["reason"]
        row = own_request(request, number)
        reopen_request(request=row, actor=actor_of(request), reason=reason, key=key_of(request))
        return self.answer(request, number)


class FeedbackView(ActionView):
    @extend_schema(
        operation_id="complaints_requests_feedback", parameters=[NUMBER, SECRET, KEY],
        request=FeedbackSerializer, responses=RequestSerializer,
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:
        """Say how the answer was, and open the request again if it is not one."""
        data = given(FeedbackSerializer(data=request.data))
        row = own_request(request, number)
        give_feedback(request=row, **data, actor=actor_of(request), key=key_of(request))
        return self.answer(request, number)


class WordsView(ActionView):
    @extend_schema(
        operation_id="complaints_requests_words", parameters=[NUMBER, SECRET],
        request=WordsSerializer, responses=RequestSerializer,
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:
        """Add something, or answer what the city asked."""
        text = given(WordsSerializer(data=request.data))["text"]
        row = own_request(request, number)
        add_words(request=row, text=text, actor=actor_of(request))
        return self.answer(request, number)


class SubscriptionView(ActionView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="complaints_requests_follow", parameters=[NUMBER], request=None,
        responses=RequestSerializer,
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:
        """Be told what becomes of it."""
        row = seen_request(request, number)
        follow_request(request=row, person=person_of(request.user))
        return self.answer(request, number)

    @extend_schema(operation_id="complaints_requests_unfollow", parameters=[NUMBER])
    def delete(self, request: Request, number: str) -> Response:
        """Be told no more."""
        row = seen_request(request, number)
        unfollow_request(request=row, person=person_of(request.user))
        return self.answer(request, number)
