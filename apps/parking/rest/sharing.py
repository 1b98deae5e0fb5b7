"""`/api/v1/parking/shared-offers` and `/ledger/me`: lending one's bay, and what it earned."""

from datetime import timedelta
from typing import Any

from django.db.models import Sum
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.selectors.persons import person_of
from apps.base import clock
from apps.base.pagination import Pages
from apps.parking.models import BayRight, Entry, SharedOffer
from apps.parking.rest.reservation_serializers import (
    BayRightSerializer,
    EntrySerializer,
    RecalledSerializer,
    RecallSerializer,
    SharedOfferSerializer,
    SpanSerializer,
    StatementSerializer,
)
from apps.parking.rest.reservations import CODE, KEY, given, key_of
from apps.parking.services.openings import bookable_spans
from apps.parking.services.sharing import (
    change_offer,
    lend_bay,
    own_offer,
    recall_bay,
    withdraw_offer,
)

SHOWN_AHEAD = timedelta(days=14)


class BayRightListView(ListAPIView[BayRight]):
    """The bays the city has assigned to the person."""

    serializer_class = BayRightSerializer
    permission_classes = [IsAuthenticated]
    filter_backends = []
    queryset = BayRight.objects.none()

    def get_queryset(self) -> Any:
        rows = BayRight.objects.filter(person=person_of(self.request.user))
        return rows.select_related("bay__pool__site")


class SharedOfferListView(GenericAPIView[SharedOffer]):
    serializer_class = SharedOfferSerializer
    permission_classes = [IsAuthenticated]
    queryset = SharedOffer.objects.none()

    def get_queryset(self) -> Any:
        rows = SharedOffer.objects.of(person_of(self.request.user)).standing()
        return rows.select_related("right__bay")

    @extend_schema(
        operation_id="parking_shared_offers_list",
        filters=False,
        responses=SharedOfferSerializer(many=True),
    )
    def get(self, _request: Request) -> Response:
        """What the person lends."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="parking_shared_offers_create",
        parameters=[KEY],
        responses={201: SharedOfferSerializer},
    )
    def post(self, request: Request) -> Response:
        """Lend one's bay by a calendar rule. Renters see the bay, never whose it is."""
        data = dict(given(self.get_serializer(data=request.data)))
        person = person_of(request.user)
        bay = data.pop("right")["bay"]["code"]
        done = lend_bay(person=person, bay=bay, key=key_of(request), **data)
        return Response(self.get_serializer(own_offer(person, done["code"])).data, status=201)


class SharedOfferView(GenericAPIView[SharedOffer]):
    serializer_class = SharedOfferSerializer
    permission_classes = [IsAuthenticated]
    queryset = SharedOffer.objects.none()

    @extend_schema(operation_id="parking_shared_offers_retrieve", parameters=[CODE])
    def get(self, request: Request, code: str) -> Response:
        """One offer of one's own."""
        return Response(self.get_serializer(own_offer(person_of(request.user), code)).data)

    @extend_schema(operation_id="parking_shared_offers_update", parameters=[CODE])
    def patch(self, request: Request, code: str) -> Response:
        """New terms for bookings to come."""
        person = person_of(request.user)
        offer = own_offer(person, code)
        data = given(self.get_serializer(offer, data=request.data, partial=True))
        changed = change_offer(person=person, code=code, **data)
        return Response(self.get_serializer(changed).data)

    @extend_schema(operation_id="parking_shared_offers_destroy", parameters=[CODE])
    def delete(self, request: Request, code: str) -> Response:
        """Lend the bay no more. Bookings that stand are honoured."""
        withdraw_offer(person=person_of(request.user), code=code)
        return Response(status=204)


class RecallView(GenericAPIView[SharedOffer]):
    serializer_class = RecallSerializer
    permission_classes = [IsAuthenticated]
    queryset = SharedOffer.objects.none()

    @extend_schema(
        operation_id="parking_shared_offers_recall",
        parameters=[CODE, KEY],
        responses=RecalledSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """Take the bay back for a time, half an hour ahead at the least. Whoever booked it gets
        another bay or the money back."""
        data = given(self.get_serializer(data=request.data))
        done = recall_bay(person=person_of(request.user), code=code, key=key_of(request), **data)
        return Response(RecalledSerializer(done).data)


class OpeningsView(GenericAPIView[SharedOffer]):
    serializer_class = SpanSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = None
    queryset = SharedOffer.objects.none()

    @extend_schema(
        operation_id="parking_shared_offers_openings",
        parameters=[CODE],
        filters=False,
        responses=SpanSerializer(many=True),
    )
    def get(self, request: Request, code: str) -> Response:
        """When the bay can still be booked in the next two weeks."""
        offer = own_offer(person_of(request.user), code)
        now = clock.now()
        spans = bookable_spans(offer, now, now + SHOWN_AHEAD, now=now)
        rows = [{"starts_at": opens, "ends_at": closes} for opens, closes in spans]
        return Response(self.get_serializer(rows, many=True).data)


class NewestFirst(Pages):
    ordering = "-pk"


class StatementView(GenericAPIView[Entry]):
    serializer_class = StatementSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = NewestFirst
    queryset = Entry.objects.none()

    @extend_schema(operation_id="parking_ledger_me", filters=False, responses=StatementSerializer)
    def get(self, request: Request) -> Response:
        """What lending earned: balances, and the entries page by page."""
        entries = Entry.objects.of(person_of(request.user))
        page = self.paginate_queryset(entries.select_related("transaction", "account"))
        balances = entries.order_by().values_list("account__currency").annotate(total=Sum("amount"))
        answer = self.get_paginated_response(EntrySerializer(page, many=True).data)
        answer.data["entries"] = answer.data.pop("results")
        answer.data["balances"] = [
            {"currency": currency, "owed": -total} for currency, total in balances
        ]
        return answer
