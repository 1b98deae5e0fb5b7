"""The shapes of the accounts API."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from apps.accounts.core.mobility import BOUNDS, PROFILE_NAMES, SMOOTHNESS, Bound
from apps.accounts.models import Consent, Contact, MobilityProfile, Person


class PersonSerializer(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ("code", "display_name", "locale", "created_at")
        read_only_fields = ("code", "created_at")

    # The service says what is wrong with them, in one place for every door.
    display_name = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    locale = serializers.CharField(required=False)


class ContactSerializer(serializers.ModelSerializer[Contact]):
    class Meta:
        model = Contact
        fields = ("code", "kind", "channel", "value", "verified_at")
        read_only_fields = fields


class ConsentSerializer(serializers.ModelSerializer[Consent]):
    class Meta:
        model = Consent
        fields = ("purpose", "text_version", "given_at", "withdrawn_at")
        read_only_fields = ("given_at", "withdrawn_at")

    purpose = serializers.CharField(max_length=40)
    text_version = serializers.CharField(max_length=20)


class PurposeSerializer(serializers.Serializer[Any]):
    """What is asked, in the words that are in force."""

    purpose = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    version = serializers.CharField()


class LimitsSerializer(serializers.Serializer[Any]):
    """Limits of one's own; what is left out follows the starting profile, null means no limit.

    The bounds of each stand at `mobility-profiles`; the service checks them.
    """

    speed_mps = serializers.FloatField(required=False)
    max_incline_up_pct = serializers.FloatField(required=False, allow_null=True)
    max_incline_down_pct = serializers.FloatField(required=False, allow_null=True)
    max_kerb_up_cm = serializers.FloatField(required=False, allow_null=True)
    max_kerb_down_cm = serializers.FloatField(required=False, allow_null=True)
    min_width_m = serializers.FloatField(required=False, allow_null=True)
    max_steps = serializers.IntegerField(required=False, allow_null=True)
    max_cross_slope_pct = serializers.FloatField(required=False, allow_null=True)
    worst_smoothness = serializers.ChoiceField(SMOOTHNESS, required=False, allow_null=True)
    push_power_w = serializers.FloatField(required=False, allow_null=True)
    takes_escalators = serializers.BooleanField(required=False)
    must_know = serializers.ListField(child=serializers.CharField(), required=False)

    def to_internal_value(self, data: Any) -> Any:
        """A limit we don't know is refused, not dropped: it may be the one that matters."""
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError({name: ["unknown limit"] for name in unknown})
        return super().to_internal_value(data)

    def to_representation(self, instance: Any) -> Any:
        return dict(instance)


class MobilityProfileSerializer(serializers.ModelSerializer[MobilityProfile]):
    class Meta:
        model = MobilityProfile
        fields = ("base", "limits", "updated_at")
        read_only_fields = ("updated_at",)

    base = serializers.ChoiceField(PROFILE_NAMES)
    limits = LimitsSerializer(required=False, default=dict)


class BoundSerializer(serializers.Serializer[Bound]):
    """Where a limit makes sense, in which unit, and whether it may be lifted (null)."""

    unit = serializers.CharField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    optional = serializers.BooleanField()
    whole = serializers.BooleanField()


class StartingProfilesSerializer(serializers.Serializer[Any]):
    profiles = serializers.DictField(child=LimitsSerializer())
    bounds = serializers.DictField(child=BoundSerializer())


class PhoneSerializer(serializers.Serializer[Any]):
    phone = serializers.CharField(max_length=40)


class PhoneCodeSerializer(serializers.Serializer[Any]):
    """A code is on its way; `code` names it when the digits are given back."""

    code = serializers.UUIDField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)


class DigitsSerializer(serializers.Serializer[Any]):
    digits = serializers.RegexField(r"^[0-9]{6}$")


class ConfirmedPhoneSerializer(serializers.Serializer[Any]):
    """For a signed-in person `contact`; for anybody else the new session's token.

    `complete` is false while the second factor is still to come, at
    `/_allauth/app/v1/auth/2fa/authenticate` with this token.
    """

    contact = ContactSerializer(required=False)
    session_token = serializers.CharField(required=False)
    complete = serializers.BooleanField(required=False)


class ErasedPartSerializer(serializers.Serializer[Any]):
    removed = serializers.IntegerField()
    anonymised = serializers.IntegerField()
    kept = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True)


class ErasureSerializer(serializers.Serializer[Any]):
    """What became of everything, by kind."""

    parts = serializers.DictField(child=ErasedPartSerializer())


def bounds() -> dict[str, Any]:
    return {name: BoundSerializer(bound).data for name, bound in BOUNDS.items()}
