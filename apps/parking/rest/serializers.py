"""The form of what `core.shown` shows."""

from typing import Any

from rest_framework import serializers

from apps.parking.models import Category, ParkingSite, Quality

STATES = ("free", "few", "full", "closed", "unknown")


class PoolSerializer(serializers.Serializer[Any]):
    category = serializers.ChoiceField(choices=Category.choices)
    total = serializers.IntegerField()
    free = serializers.IntegerField(allow_null=True, help_text="null unless quality is live")
    quality = serializers.ChoiceField(choices=Quality.choices)
    confidence = serializers.FloatField(
        allow_null=True, help_text="0 to 1, how sure the number is now; null without a number"
    )
    flaw = serializers.CharField(help_text="Empty, negative or over_capacity")
    source = serializers.CharField(  # type: ignore[assignment]  # no Field.source: it is popped
        help_text="Empty, count, bays, gates, fused or staff"
    )
    observed_at = serializers.DateTimeField(allow_null=True)
    fresh_until = serializers.DateTimeField(allow_null=True)


class SiteSerializer(serializers.Serializer[Any]):
    id = serializers.SlugField()
    version = serializers.IntegerField()
    names = serializers.DictField(child=serializers.CharField())
    kind = serializers.ChoiceField(choices=ParkingSite.Kind.choices)
    lat = serializers.FloatField()
    lon = serializers.FloatField()
    covered = serializers.BooleanField()
    max_height_m = serializers.FloatField(allow_null=True)
    approximate = serializers.BooleanField(help_text="Nobody has surveyed where it is.")
    capacity = serializers.IntegerField()
    free = serializers.IntegerField(allow_null=True, help_text="null unless quality is live")
    state = serializers.ChoiceField(choices=[(state, state) for state in STATES])
    quality = serializers.ChoiceField(choices=Quality.choices)
    confidence = serializers.FloatField(
        allow_null=True, help_text="0 to 1, how sure the number is now; null without a number"
    )
    source = serializers.CharField(  # type: ignore[assignment]  # no Field.source: it is popped
        help_text="Empty, count, bays, gates, fused or staff"
    )
    observed_at = serializers.DateTimeField(allow_null=True)
    fresh_until = serializers.DateTimeField(allow_null=True)
    pools = PoolSerializer(many=True)
