"""What the doors of hazards say."""

from typing import Any

from rest_framework import serializers

from apps.hazards.models import Cause, Flag, Forecast, Level, Station


class StationSerializer(serializers.Serializer[Any]):
    """A gauge with what it says now. A value whose flag is not `good` must not be shown as fact."""

    id = serializers.CharField()
    version = serializers.IntegerField()
    names = serializers.DictField(child=serializers.CharField())
    kind = serializers.ChoiceField(choices=Station.Kind.choices)
    unit = serializers.CharField(help_text="UCUM")
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    value = serializers.FloatField(allow_null=True)
    observed_at = serializers.DateTimeField(allow_null=True)
    flag = serializers.ChoiceField(choices=Flag.choices)
    cause = serializers.ChoiceField(choices=Cause.choices, allow_blank=True)
    level = serializers.ChoiceField(choices=Level.choices, allow_blank=True)
    levels = serializers.DictField(child=serializers.FloatField())
    change_1h = serializers.FloatField(allow_null=True)
    probability = serializers.FloatField(
        allow_null=True, help_text="of the alarm level within the station's window"
    )
    peak = serializers.FloatField(allow_null=True)
    peak_at = serializers.DateTimeField(allow_null=True)
    gone = serializers.BooleanField()


class NearbyStationSerializer(StationSerializer):
    distance_m = serializers.IntegerField()


class ReadingSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    value = serializers.FloatField()


class ReadingsSerializer(serializers.Serializer[Any]):
    unit = serializers.CharField()
    readings = ReadingSerializer(many=True)


class ForecastHourSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    p10 = serializers.FloatField()
    p50 = serializers.FloatField()
    p90 = serializers.FloatField()
    mean = serializers.FloatField()


class ForecastSerializer(serializers.Serializer[Any]):
    """One run: bands hour by hour in the station's unit."""

    station = serializers.CharField(source="station.code")
    unit = serializers.CharField(source="station.unit")
    issued_at = serializers.DateTimeField()
    from_at = serializers.DateTimeField()
    rain = serializers.ChoiceField(choices=Forecast.Rain.choices)
    hours = ForecastHourSerializer(many=True)
    level = serializers.CharField()
    window_h = serializers.IntegerField()
    probability = serializers.FloatField(allow_null=True)
    model_version = serializers.IntegerField(source="version.number")
