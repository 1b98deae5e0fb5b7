"""The bodies of notify's REST door."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.notify.core import cells
from apps.notify.models import InboxItem, Reach, Registration, SavedPlace
from apps.notify.services.receipts import STAGES
from apps.notify.services.registering import TRANSPORTS, Wish, topics_of


@extend_schema_field(OpenApiTypes.STR)
class CellField(serializers.Field[int, str, str, Any]):
    """An H3 cell as its hexadecimal name."""

    def to_internal_value(self, data: Any) -> int:
        try:
            return cells.read_cell(str(data))
        except ValueError as error:
            raise serializers.ValidationError(_("An H3 cell is expected.")) from error

    def to_representation(self, value: int) -> str:
        return cells.name_of(value)


class NearField(serializers.CharField):
    """`lon,lat` with at most two decimals, some kilometre: for apps that cannot compute cells. A
    finer position is refused: we don't want to know."""

    def to_internal_value(self, data: Any) -> Any:
        match = re.fullmatch(r"(-?\d{1,3}(?:\.\d{1,2})?),(-?\d{1,2}(?:\.\d{1,2})?)", str(data))
        if match is None:
            raise serializers.ValidationError(_("lon,lat with at most two decimals."))
        return cells.cell_at(float(match.group(1)), float(match.group(2)))


class WishSerializer(serializers.Serializer[Any]):
    """What an app says of itself. `address` is the FCM token, or the browser's push subscription
    as JSON text; `cell` an H3 cell of resolution 8, or `near` instead, or nothing."""

    platform = serializers.ChoiceField(choices=Registration.Platform.choices)
    transport = serializers.ChoiceField(choices=TRANSPORTS)
    address = serializers.CharField(max_length=4096)
    locale = serializers.CharField(max_length=10)
    cell = CellField(required=False, allow_null=True)
    near = NearField(required=False, write_only=True)
    quiet_from = serializers.TimeField(required=False, allow_null=True)
    quiet_to = serializers.TimeField(required=False, allow_null=True)
    muted = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=20
    )

    def wish(self) -> Wish:
        self.is_valid(raise_exception=True)
        facts = dict(self.validated_data)
        near = facts.pop("near", None)
        return Wish(**{"cell": near, **facts})


class RegistrationSerializer(serializers.ModelSerializer[Registration]):
    cell = CellField(allow_null=True)
    topics = serializers.SerializerMethodField()

    class Meta:
        model = Registration
        fields = (
            "code", "platform", "transport", "locale", "cell", "quiet_from", "quiet_to", "muted",
            "topics",
        )  # fmt: skip

    def get_topics(self, row: Registration) -> list[str]:
        return topics_of(row)


class RegisteredSerializer(serializers.Serializer[Any]):
    """The secret is shown this once; it opens the registration later."""

    registration = RegistrationSerializer()
    secret = serializers.CharField()


class MovedSerializer(serializers.Serializer[Any]):
    cell = CellField(allow_null=True)


class SavedPlaceSerializer(serializers.ModelSerializer[SavedPlace]):
    """`cell` is an H3 cell of resolution 12, some twenty metres across."""

    cell = CellField()

    class Meta:
        model = SavedPlace
        fields = ("code", "label", "cell")
        read_only_fields = ("code",)


class ReachSerializer(serializers.ModelSerializer[Reach]):
    """`inbox` is the key of the live topic `notify.inbox:<key>`."""

    class Meta:
        model = Reach
        fields = ("inbox", "alerts_by_sms", "alerts_by_voice", "quiet_from", "quiet_to", "muted")
        read_only_fields = ("inbox",)


class InboxItemSerializer(serializers.ModelSerializer[InboxItem]):
    id = serializers.UUIDField(source="telling.code")
    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    category = serializers.CharField(source="telling.category")
    link = serializers.CharField(source="telling.link")
    critical = serializers.BooleanField(source="telling.critical")
    at = serializers.DateTimeField(source="created_at")

    class Meta:
        model = InboxItem
        fields = (
            "id", "version", "title", "body", "category", "link", "critical", "at", "read_at",
        )  # fmt: skip

    def get_title(self, item: InboxItem) -> str:
        return item.telling.content(item.person.locale).title

    def get_body(self, item: InboxItem) -> str:
        return item.telling.content(item.person.locale).body


class ReceiptSerializer(serializers.Serializer[Any]):
    """By an app: `registration` and `telling`, with the header `X-Registration-Secret`. By a
    provider or a link: `token`."""

    stage = serializers.ChoiceField(choices=STAGES)
    token = serializers.CharField(required=False, max_length=400)
    registration = serializers.UUIDField(required=False)
    telling = serializers.UUIDField(required=False)


class StageSerializer(serializers.Serializer[Any]):
    stage = serializers.ChoiceField(choices=STAGES)


class WebPushKeySerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="The applicationServerKey, base64url")
