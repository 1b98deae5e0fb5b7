"""`/api/v1/parking/quotes` and `/reservations`: what a space costs, and having it."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Person
from apps.accounts.selectors.persons import person_of
from apps.base.pagination import Pages
from apps.parking.models import Reservation
from apps.parking.rest.reservation_serializers import (
    CancelledSerializer,
    ExtendSerializer,
    ExtensionQuoteSerializer,
    ExtensionRequestSerializer,
    HoldSerializer,
    PaySerializer,
    QuoteRequestSerializer,
    QuoteSerializer,
    ReservationSerializer,
)
from apps.parking.services.cancelling import cancel_reservation
from apps.parking.services.explanations import explained
from apps.parking.services.extending import extend_reservation, quote_extension
from apps.parking.services.own_bookings import own_reservation
from apps.parking.services.quotes import make_quote
from apps.parking.services.reservations import confirm_reservation, hold_space
from apps.parking.services.staying import end_stay, start_stay

KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Makes a repetition harmless."
)
CODE = OpenApiParameter("code", OpenApiTypes.UUID, OpenApiParameter.PATH)


def key_of(request: Request) -> str | None:
    return request.headers.get("Idempotency-Key")


def given(serializer: Any) -> Any:
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


class QuoteView(GenericAPIView[Reservation]):
    serializer_class = QuoteRequestSerializer

    @extend_schema(operation_id="parking_quotes_create", responses={201: QuoteSerializer})
    def post(self, request: Request) -> Response:
        """What a booking would cost, line by line. The price stands for five minutes.

        Nobody has to sign in to ask. Whoever is signed in gets the discounts that staff have
        checked, and no others.
        """
        person: Person | None = getattr(request.user, "person", None)
        signed = make_quote(**given(self.get_serializer(data=request.data)), person=person)
        quote = signed.quote
        body = {
            "quote": signed.token,
            "expires_at": signed.expires_at,
            "site": quote.site,
            "category": quote.category,
            "starts_at": quote.starts_at,
            "ends_at": quote.ends_at,
            "price": quote.price,
            "currency": quote.currency,
            "free_spaces": signed.free_spaces,
            "lines": explained(quote.lines, quote.currency),
        }
        return Response(QuoteSerializer(body).data, status=201)


class NewestFirst(Pages):
    ordering = ("-starts_at", "-pk")  # type: ignore[assignment]  # DRF takes both


class ReservationListView(GenericAPIView[Reservation]):
    """The person's bookings."""

    serializer_class = ReservationSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = NewestFirst
    queryset = Reservation.objects.none()

    def get_queryset(self) -> Any:
        rows = Reservation.objects.filter(person=person_of(self.request.user))
        return rows.select_related("space__pool__site", "space__bay").prefetch_related("payments")

    @extend_schema(
        operation_id="parking_reservations_list",
        filters=False,
        responses=ReservationSerializer(many=True),
    )
    def get(self, _request: Request) -> Response:
        """The person's bookings, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="parking_reservations_create",
        parameters=[KEY],
        request=HoldSerializer,
        responses={201: ReservationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Hold a quoted space for ten minutes; confirm it to keep it."""
        data = given(HoldSerializer(data=request.data))
        person = person_of(request.user)
        done = hold_space(
            person=person, token=data["quote"], plate=data["plate"], key=key_of(request)
        )
        return Response(shown(person, done["code"]), status=201)


def shown(person: Person, code: str) -> Any:
    return ReservationSerializer(own_reservation(person, code)).data


class ReservationView(GenericAPIView[Reservation]):
    serializer_class = ReservationSerializer
    permission_classes = [IsAuthenticated]
    queryset = Reservation.objects.none()

    @extend_schema(operation_id="parking_reservations_retrieve", parameters=[CODE])
    def get(self, request: Request, code: str) -> Response:
        """One of the person's bookings."""
        return Response(shown(person_of(request.user), code))


class ConfirmView(ReservationView):
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="parking_reservations_confirm",
        parameters=[CODE, KEY],
        request=PaySerializer,
        responses=ReservationSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """Pay for what is held, and keep it. Nothing is taken before the stay is over."""
        data = given(PaySerializer(data=request.data))
        person = person_of(request.user)
        confirm_reservation(
            person=person, code=code, method=data["payment_method"], key=key_of(request)
        )
        return Response(shown(person, code))


class ExtensionQuoteView(ReservationView):
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="parking_reservations_extension_quote",
        parameters=[CODE],
        request=ExtensionRequestSerializer,
        responses=ExtensionQuoteSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """What staying longer would cost; the price stands for five minutes."""
        data = given(ExtensionRequestSerializer(data=request.data))
        token, quote = quote_extension(person=person_of(request.user), code=code, **data)
        body = {
            "quote": token,
            "ends_at": quote.ends_at,
            "extra": quote.extra,
            "currency": quote.currency,
            "lines": explained(quote.lines, quote.currency),
        }
        return Response(ExtensionQuoteSerializer(body).data)


class ExtendView(ReservationView):
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="parking_reservations_extend",
        parameters=[CODE, KEY],
        request=ExtendSerializer,
        responses=ReservationSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """Stay longer, if nobody has the space after you; `latest_end` says how long you can."""
        data = given(ExtendSerializer(data=request.data))
        person = person_of(request.user)
        done = extend_reservation(
            person=person, token=data["quote"], method=data["payment_method"], key=key_of(request),
            code=code,
        )  # fmt: skip
        return Response(shown(person, done["code"]))


class CancelView(ReservationView):
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="parking_reservations_cancel",
        parameters=[CODE, KEY],
        request=None,
        responses=CancelledSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """Give a booking up. The answer says what that costs."""
        done = cancel_reservation(person=person_of(request.user), code=code, key=key_of(request))
        return Response(CancelledSerializer(done).data)


class StartView(ReservationView):
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="parking_reservations_start",
        parameters=[CODE],
        request=None,
        responses=ReservationSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """I have come."""
        person = person_of(request.user)
        start_stay(person=person, code=code)
        return Response(shown(person, code))


class EndView(ReservationView):
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="parking_reservations_end",
        parameters=[CODE],
        request=None,
        responses=ReservationSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """I have left. Whoever stayed too long pays for it."""
        person = person_of(request.user)
        end_stay(person=person, code=code)
        return Response(shown(person, code))
