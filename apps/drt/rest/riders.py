"""`/api/v1/drt/service-area|stops|quotes|bookings`: asking for a ride, and having it."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Person
from apps.accounts.selectors.persons import person_of
from apps.base import clock
from apps.base.pagination import Pages
from apps.base.problems import Invalid
from apps.drt.core.capacity import Capacity
from apps.drt.models import Booking
from apps.drt.rest.serializers import (
    RideBookSerializer,
    RideCancelledSerializer,
    RideDecisionSerializer,
    RideQuoteSerializer,
    RideSerializer,
    RideWishSerializer,
    ServiceAreaSerializer,
    VirtualStopSerializer,
)
from apps.drt.selectors.areas import service_areas, stops_near
from apps.drt.selectors.rides import explanation_of, own_booking
from apps.drt.selectors.screens import bookings_shown
from apps.drt.services.bookings import book_ride
from apps.drt.services.giving_up import cancel_ride
from apps.drt.services.quotes import make_quote
from apps.drt.services.shown import shown_offers
from apps.drt.services.wishes import Wish

KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Makes a repetition harmless."
)
CODE = OpenApiParameter("code", OpenApiTypes.UUID, OpenApiParameter.PATH)
NEAR = OpenApiParameter("near", str, description="`lon,lat`: the nearest first.")


def key_of(request: Request) -> str | None:
    return request.headers.get("Idempotency-Key")


def given(serializer: Any) -> Any:
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


class ServiceAreaView(GenericAPIView[Booking]):
    serializer_class = ServiceAreaSerializer
    queryset = Booking.objects.none()

    @extend_schema(
        operation_id="drt_service_area",
        filters=False,
        responses=ServiceAreaSerializer(many=True),
    )
    def get(self, _request: Request) -> Response:
        """Where and when one can ride today, service by service."""
        return Response(ServiceAreaSerializer(service_areas(clock.now()), many=True).data)


class StopListView(GenericAPIView[Booking]):
    serializer_class = VirtualStopSerializer
    queryset = Booking.objects.none()

    @extend_schema(
        operation_id="drt_stops",
        filters=False,
        parameters=[NEAR],
        responses=VirtualStopSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Virtual stops; with `near` the fifty nearest."""
        near = read_near(request.query_params.get("near"))
        return Response(VirtualStopSerializer(stops_near(near), many=True).data)


def read_near(text: str | None) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise Invalid(errors={"near": "lon,lat"}) from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Invalid(errors={"near": "lon,lat"})
    return lon, lat


class QuoteView(GenericAPIView[Booking]):
    serializer_class = RideWishSerializer
    queryset = Booking.objects.none()

    @extend_schema(operation_id="drt_quotes_create", responses={201: RideQuoteSerializer})
    def post(self, request: Request) -> Response:
        """One to three rides: the soonest, the one with the least walk, one without steps.

        Nobody has to sign in to ask. Whoever is signed in gets offers for their way of moving.
        """
        person: Person | None = getattr(request.user, "person", None)
        wish = wish_of(given(self.get_serializer(data=request.data)))
        quote = make_quote(wish=wish, person=person)
        return Response(RideQuoteSerializer({"offers": shown_offers(quote)}).data, status=201)


def wish_of(data: Any) -> Wish:
    depart_after, arrive_by = data.get("depart_after"), data.get("arrive_by")
    if depart_after is None and arrive_by is None:
        depart_after = clock.now()
    return Wish(
        origin=(data["origin"]["lon"], data["origin"]["lat"]),
        destination=(data["destination"]["lon"], data["destination"]["lat"]),
        origin_name=data["origin"]["name"],
        destination_name=data["destination"]["name"],
        depart_after=depart_after,
        arrive_by=arrive_by,
        party=Capacity(**data.get("party", {"seats": 1})),
        step_free=data["step_free"],
        max_walk_m=data.get("max_walk_m"),
        service=data["service"],
    )


class NewestFirst(Pages):
    ordering = ("-pickup_earliest_at", "-pk")  # type: ignore[assignment]  # DRF takes both


class RideListView(GenericAPIView[Booking]):
    """The person's rides."""

    serializer_class = RideSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = NewestFirst
    queryset = Booking.objects.none()

    def get_queryset(self) -> Any:
        return bookings_shown().filter(person=person_of(self.request.user))

    @extend_schema(
        operation_id="drt_bookings_list", filters=False, responses=RideSerializer(many=True)
    )
    def get(self, _request: Request) -> Response:
        """The person's rides, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="drt_bookings_create",
        parameters=[KEY],
        request=RideBookSerializer,
        responses={
            201: RideSerializer,
            409: OpenApiResponse(description="`offer-gone`: the promise no longer fits; "
                                 "`offers` holds new ones, as a quote gives them."),
        },
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Take an offer. From now on its times are promised."""
        data = given(RideBookSerializer(data=request.data))
        person = person_of(request.user)
        done = book_ride(
            person=person, token=data["offer"], key=key_of(request), note_for_driver=data["note"]
        )
        return Response(RideSerializer(own_booking(person, done["code"])).data, status=201)


class RideView(GenericAPIView[Booking]):
    serializer_class = RideSerializer
    permission_classes = [IsAuthenticated]
    queryset = Booking.objects.none()

    @extend_schema(operation_id="drt_bookings_retrieve", parameters=[CODE])
    def get(self, request: Request, code: str) -> Response:
        """One of the person's rides."""
        return Response(RideSerializer(own_booking(person_of(request.user), code)).data)


class CancelView(RideView):
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="drt_bookings_cancel",
        parameters=[CODE, KEY],
        request=None,
        responses=RideCancelledSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """Give a ride up, as long as nobody has boarded."""
        done = cancel_ride(person=person_of(request.user), code=code, key=key_of(request))
        return Response(RideCancelledSerializer(done).data)


class DecisionsView(GenericAPIView[Booking]):
    serializer_class = RideDecisionSerializer
    permission_classes = [IsAuthenticated]
    queryset = Booking.objects.none()

    @extend_schema(
        operation_id="drt_bookings_decisions",
        parameters=[CODE],
        filters=False,
        responses=RideDecisionSerializer(many=True),
    )
    def get(self, request: Request, code: str) -> Response:
        """Why this vehicle, and all that was decided since; oldest first."""
        booking = own_booking(person_of(request.user), code)
        return Response(RideDecisionSerializer(explanation_of(booking), many=True).data)
