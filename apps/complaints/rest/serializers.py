"""The forms of services, requests, photos and feedback."""

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.base import clock
from apps.complaints.models import (
    Attachment,
    Service,
    ServiceAttribute,
    ServiceRequest,
    StatusChange,
)

MAX_ANSWERS = 40


def language() -> str:
    return (get_language() or "").split("-")[0]


class ChoiceSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())


class AttributeSerializer(serializers.ModelSerializer[ServiceAttribute]):
    required = serializers.BooleanField(source="is_required")  # type: ignore[assignment]
    names = serializers.DictField(child=serializers.CharField())
    hints = serializers.DictField(child=serializers.CharField())
    values = ChoiceSerializer(many=True)

    class Meta:
        model = ServiceAttribute
        fields = ("code", "names", "hints", "datatype", "required", "values")


class ServiceSerializer(serializers.ModelSerializer[Service]):
    names = serializers.DictField(child=serializers.CharField())
    descriptions = serializers.DictField(child=serializers.CharField())
    group = serializers.SlugField(source="group.code")
    group_names = serializers.DictField(source="group.names", child=serializers.CharField())
    attributes = AttributeSerializer(many=True)

    class Meta:
        model = Service
        fields = (
            "service_code", "names", "descriptions", "group", "group_names", "keywords", "icon",
            "needs_place", "attributes",
        )  # fmt: skip


class PublicRequestSerializer(serializers.ModelSerializer[ServiceRequest]):
    """What anybody may see of a request: never the person, nor photos before they were blurred."""

    service_code = serializers.SlugField(source="service.service_code")
    service_names = serializers.DictField(source="service.names", child=serializers.CharField())
    status = serializers.ChoiceField(source="open311_status", choices=("open", "closed"))
    lat = serializers.FloatField(source="geom.y", default=None, allow_null=True)
    lon = serializers.FloatField(source="geom.x", default=None, allow_null=True)
    photos = serializers.SerializerMethodField()

    class Meta:
        model = ServiceRequest
        fields = (
            "number", "service_code", "service_names", "state", "status", "status_notes",
            "description", "lat", "lon", "address", "requested_at", "updated_at", "expected_at",
            "photos",
        )  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_photos(self, row: ServiceRequest) -> list[str]:
        return [
            photo_path(attachment)
            for attachment in row.attachments.all()
            if attachment.is_public or self.context.get("own")
        ]


def photo_path(attachment: Attachment) -> str:
    return f"/api/v1/complaints/photos/{attachment.code}"


class ChangeSerializer(serializers.ModelSerializer[StatusChange]):
    class Meta:
        model = StatusChange
        fields = ("at", "state", "public_note")


class RequestSerializer(PublicRequestSerializer):
    """One request with its history; `mine` says whether the asker may act on it."""

    history = ChangeSerializer(source="changes", many=True)
    department_names = serializers.DictField(
        source="department.names", child=serializers.CharField()
    )
    duplicate_of = serializers.CharField(
        source="duplicate_of.number", default=None, allow_null=True
    )
    mine = serializers.SerializerMethodField()
    may_reopen = serializers.SerializerMethodField()
    may_withdraw = serializers.SerializerMethodField()
    follows = serializers.SerializerMethodField()

    class Meta:
        model = ServiceRequest
        fields = (
            *PublicRequestSerializer.Meta.fields, "department_names", "duplicate_of", "history",
            "mine", "may_reopen", "may_withdraw", "follows",
        )  # fmt: skip

    def get_mine(self, _row: ServiceRequest) -> bool:
        return bool(self.context.get("own"))

    def get_may_reopen(self, row: ServiceRequest) -> bool:
        return bool(self.context.get("own")) and row.may_be_reopened(clock.now())

    def get_may_withdraw(self, row: ServiceRequest) -> bool:
        return bool(self.context.get("own")) and row.is_open

    def get_follows(self, row: ServiceRequest) -> bool:
        person = self.context.get("person")
        return bool(person) and row.subscriptions.filter(person=person).exists()


class OwnRequestSerializer(PublicRequestSerializer):
    """A line of one's own list."""

    mine = serializers.SerializerMethodField()

    class Meta:
        model = ServiceRequest
        fields = (*PublicRequestSerializer.Meta.fields, "mine")

    def get_mine(self, row: ServiceRequest) -> bool:
        person = self.context.get("person")
        return person is not None and row.reporter_id == person.pk


class PlaceSerializer(serializers.Serializer[Any]):
    lat = serializers.FloatField(required=False, allow_null=True, default=None)
    lon = serializers.FloatField(required=False, allow_null=True, default=None)


class ComplaintReportSerializer(PlaceSerializer):
    service_code = serializers.SlugField(
        max_length=60, allow_blank=True, default="", help_text="Empty: the city finds it."
    )
    description = serializers.CharField(
        allow_blank=True, default="", trim_whitespace=False, help_text="At most 4,000 letters."
    )
    address = serializers.CharField(max_length=300, allow_blank=True, default="")
    answers = serializers.DictField(default=dict, help_text="Attribute code → answer.")
    photos = serializers.ListField(
        child=serializers.CharField(max_length=400), max_length=5, default=list,
        help_text="Tokens that taking a photo in returned.",
    )  # fmt: skip

    def validate_answers(self, answers: dict[str, Any]) -> dict[str, Any]:
        if len(answers) > MAX_ANSWERS:
            raise serializers.ValidationError("Too many answers.")
        return answers


class FiledSerializer(RequestSerializer):
    secret = serializers.CharField(
        help_text="Lets whoever holds it follow the request without an account. Keep it."
    )
    emergency_number = serializers.CharField(
        allow_blank=True, help_text="Set where the words speak of danger: call this first."
    )

    class Meta:
        model = ServiceRequest
        fields = (*RequestSerializer.Meta.fields, "secret", "emergency_number")


class PhotoSerializer(serializers.Serializer[Any]):
    """A photo taken in. Nothing of it is used unless the reporter says so."""

    id = serializers.UUIDField(source="attachment.code")
    token = serializers.CharField()
    taken_at = serializers.DateTimeField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField(allow_null=True)
    width_px = serializers.IntegerField(source="attachment.media.width_px")
    height_px = serializers.IntegerField(source="attachment.media.height_px")


class PhotoUploadSerializer(serializers.Serializer[Any]):
    photo = serializers.FileField(allow_empty_file=True)


class PreviewSerializer(PlaceSerializer):
    service_code = serializers.SlugField(max_length=60, allow_blank=True, default="")
    description = serializers.CharField(allow_blank=True, default="", max_length=4000)
    photos = serializers.ListField(
        child=serializers.CharField(max_length=400), max_length=5, default=list
    )


class SimilarSerializer(PublicRequestSerializer):
    """Somebody may have reported it already."""

    distance_m = serializers.FloatField(allow_null=True)
    likeness = serializers.FloatField(help_text="0 to 1")

    class Meta:
        model = ServiceRequest
        fields = (
            "number", "service_code", "service_names", "state", "status", "lat", "lon", "address",
            "requested_at", "photos", "distance_m", "likeness",
        )  # fmt: skip


class SuggestionSerializer(serializers.Serializer[Any]):
    service_code = serializers.SlugField()
    names = serializers.DictField(child=serializers.CharField())
    probability = serializers.FloatField()


class PreviewAnswerSerializer(serializers.Serializer[Any]):
    emergency_number = serializers.CharField(allow_blank=True)
    danger = serializers.CharField(allow_blank=True)
    masked = serializers.CharField(help_text="The words as others would see them.")
    suggestions = SuggestionSerializer(many=True)
    similar = SimilarSerializer(many=True)


class WordsSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2000)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class FeedbackSerializer(serializers.Serializer[Any]):
    score = serializers.IntegerField(min_value=1, max_value=5)
    text = serializers.CharField(max_length=1000, allow_blank=True, default="")
    reopen = serializers.BooleanField(default=False, help_text="It is not done: open it again.")


class OpenDataSerializer(serializers.Serializer[Any]):
    day_on = serializers.DateField()
    format = serializers.CharField()
    rows = serializers.IntegerField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField())
    def get_url(self, row: Any) -> str:
        return f"/api/v1/complaints/open-data/{row.day_on}.{row.format}"
