"""The forms of quotes, bookings, lent bays and statements."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.base import clock
from apps.parking.core.pricing import Line
from apps.parking.models import (
    BayRight,
    Category,
    Entry,
    Payment,
    Reservation,
    SharedOffer,
)
from apps.parking.services.explanations import explained


class LineSerializer(serializers.Serializer[Any]):
    """Why this much. The amounts of all lines add up to the price."""

    code = serializers.CharField()
    amount = serializers.IntegerField(help_text="In minor units; negative takes off.")
    params = serializers.DictField()
    text = serializers.CharField(help_text="The same as a sentence, in the language asked for.")


class QuoteRequestSerializer(serializers.Serializer[Any]):
    site = serializers.SlugField(max_length=80)
    category = serializers.ChoiceField(Category.choices, default=Category.GENERAL)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    discounts = serializers.ListField(
        child=serializers.SlugField(max_length=40), max_length=10, default=list
    )


class QuoteSerializer(serializers.Serializer[Any]):
    quote = serializers.CharField(help_text="Give it back to book at this price.")
    expires_at = serializers.DateTimeField()
    site = serializers.SlugField()
    category = serializers.ChoiceField(Category.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    price = serializers.IntegerField(help_text="In minor units of the currency.")
    currency = serializers.CharField()
    free_spaces = serializers.IntegerField()
    lines = LineSerializer(many=True)


class HoldSerializer(serializers.Serializer[Any]):
    quote = serializers.CharField(max_length=8000)
    plate = serializers.CharField(max_length=40, allow_blank=True, default="")


class PaySerializer(serializers.Serializer[Any]):
    payment_method = serializers.CharField(
        max_length=80, allow_blank=True, default="", help_text="As the payment provider names it."
    )


class ExtensionRequestSerializer(serializers.Serializer[Any]):
    ends_at = serializers.DateTimeField()


class ExtensionQuoteSerializer(serializers.Serializer[Any]):
    quote = serializers.CharField()
    ends_at = serializers.DateTimeField()
    extra = serializers.IntegerField(help_text="What it costs on top, in minor units.")
    currency = serializers.CharField()
    lines = LineSerializer(many=True, help_text="The whole stay's price.")


class ExtendSerializer(PaySerializer):
    quote = serializers.CharField(max_length=8000)


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    class Meta:
        model = Payment
        fields = ("purpose", "state", "amount", "captured", "refunded", "currency")


class ReservationSerializer(serializers.ModelSerializer[Reservation]):
    class Meta:
        model = Reservation
        fields = (
            "code", "state", "site", "names", "category", "bay", "starts_at", "ends_at",
            "expires_at", "plate", "price", "currency", "lines", "overstayed", "moves",
            "started_at", "ended_at", "payments",
        )  # fmt: skip
        read_only_fields = fields

    state = serializers.SerializerMethodField()
    site = serializers.SlugField(source="space.pool.site.code")
    names = serializers.DictField(source="space.pool.site.names", child=serializers.CharField())
    category = serializers.CharField(source="space.pool.category")
    bay = serializers.CharField(
        source="space.bay.code",
        default=None,
        allow_null=True,
        help_text="Where it is a certain one",
    )
    lines = serializers.SerializerMethodField()
    payments = PaymentSerializer(many=True)

    @extend_schema_field(serializers.ChoiceField(Reservation.State.choices))
    def get_state(self, row: Reservation) -> str:
        """A hold whose time is over is over, whether or not the sweeper came by."""
        over = row.state == Reservation.State.HELD and row.expires_at <= clock.now()
        return str(Reservation.State.EXPIRED if over else row.state)

    @extend_schema_field(LineSerializer(many=True))
    def get_lines(self, row: Reservation) -> list[dict[str, Any]]:
        lines = [Line(line["code"], line["amount"], line["params"]) for line in row.explanation]
        return explained(lines, row.currency)


class CancelledSerializer(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    fee = serializers.IntegerField(help_text="What the cancellation costs, in minor units.")


class SharedOfferSerializer(serializers.ModelSerializer[SharedOffer]):
    class Meta:
        model = SharedOffer
        fields = (
            "code", "bay", "first_on", "rule", "opens", "lasts_min", "blackout_on",
            "min_stay_min", "max_stay_min", "step_min", "step_price", "created_at",
        )  # fmt: skip
        read_only_fields = ("code", "created_at")

    bay = serializers.SlugField(source="right.bay.code", max_length=80)

    def validate_bay(self, value: str) -> str:
        if self.instance is not None:
            raise serializers.ValidationError(_("A bay cannot be changed for another."))
        return value

    def create(self, validated_data: Any) -> SharedOffer:  # the service writes
        raise NotImplementedError

    def update(self, instance: Any, validated_data: Any) -> SharedOffer:
        raise NotImplementedError


class RecallSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class RecalledSerializer(serializers.Serializer[Any]):
    """What became of the bookings in the way."""

    moved = serializers.IntegerField()
    cancelled = serializers.IntegerField()


class SpanSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class BayRightSerializer(serializers.ModelSerializer[BayRight]):
    class Meta:
        model = BayRight
        fields = ("bay", "site", "valid_from_on", "valid_to_on")
        read_only_fields = fields

    bay = serializers.SlugField(source="bay.code")
    site = serializers.SlugField(source="bay.pool.site.code")


class EntrySerializer(serializers.ModelSerializer[Entry]):
    class Meta:
        model = Entry
        fields = ("at", "what", "amount", "currency")

    at = serializers.DateTimeField(source="transaction.at")
    what = serializers.CharField(source="transaction.what")
    currency = serializers.CharField(source="account.currency")
    amount = serializers.SerializerMethodField(help_text="What is owed to you grows by it.")

    def get_amount(self, entry: Entry) -> int:
        return -entry.amount


class BalanceSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    owed = serializers.IntegerField()


class StatementSerializer(serializers.Serializer[Any]):
    """What the city owes the person, and how it came about, newest first."""

    balances = BalanceSerializer(many=True)
    entries = EntrySerializer(many=True)


class ExampleSerializer(serializers.Serializer[Any]):
    minutes = serializers.IntegerField()
    price = serializers.IntegerField()


class SiteTariffSerializer(serializers.Serializer[Any]):
    """What parking costs for one category (empty: all without a tariff of their own)."""

    category = serializers.CharField(allow_blank=True)
    code = serializers.SlugField()
    names = serializers.DictField(child=serializers.CharField())
    currency = serializers.CharField()
    discounts = serializers.ListField(child=serializers.CharField())
    rules = serializers.DictField()
    examples = ExampleSerializer(many=True, help_text="Stays that begin now.")
