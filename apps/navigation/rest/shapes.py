"""The shapes of the navigation API."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.core.mobility import BOUNDS, PROFILE_NAMES, SMOOTHNESS
from apps.city.models import Obstruction
from apps.navigation.models import Lift, ObstacleVoice
from apps.navigation.services.obstacles import REPORTABLE, SOURCE
from apps.navigation.snapshot.obstructions import is_sure

MOST_VIA = 8
MOST_OTHERS = 3
MOST_PLACES = 100
TRAVEL_PROFILES = (*PROFILE_NAMES, "car")


class LonLatSerializer(serializers.Serializer[Any]):
    """WGS84 degrees."""

    lon = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-180, max_value=180)  # swapped ones get a better answer


class OwnLimitsSerializer(serializers.Serializer[Any]):
    """Limits of one's own; what is left out follows the profile, null means no limit."""

    worst_smoothness = serializers.ChoiceField(SMOOTHNESS, required=False, allow_null=True)
    takes_escalators = serializers.BooleanField(required=False)
    must_know = serializers.ListField(child=serializers.CharField(), required=False)

    def get_fields(self) -> dict[str, Any]:
        numbers = {
            name: (serializers.IntegerField if bound.whole else serializers.FloatField)(
                required=False, allow_null=bound.optional
            )
            for name, bound in BOUNDS.items()
        }
        return {**numbers, **super().get_fields()}

    def to_internal_value(self, data: Any) -> Any:
        """A limit we don't know may be the one that matters: it is refused, not dropped."""
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            raise serializers.ValidationError({name: ["unknown limit"] for name in unknown})
        return super().to_internal_value(data)

    def to_representation(self, instance: Any) -> Any:
        return dict(instance)


class ProfileChoiceSerializer(serializers.Serializer[Any]):
    profile = serializers.ChoiceField(
        PROFILE_NAMES, required=False, help_text="Left out: the person's own, else on foot."
    )
    limits = OwnLimitsSerializer(required=False)
    strict = serializers.BooleanField(
        default=False, help_text="Take nothing on trust: what nobody has described is closed."
    )


class RouteRequestSerializer(ProfileChoiceSerializer):
    origin = LonLatSerializer()
    destination = LonLatSerializer()
    via = serializers.ListField(child=LonLatSerializer(), max_length=MOST_VIA, default=list)
    depart_at = serializers.DateTimeField(required=False)
    alternatives = serializers.IntegerField(min_value=0, max_value=MOST_OTHERS, default=2)


class RouteLineSerializer(serializers.Serializer[Any]):
    type = serializers.CharField()
    coordinates = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        help_text="Longitude, latitude and, where known, metres above the ellipsoid.",
    )


class RouteStepSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    kind = serializers.CharField()
    maneuver = serializers.CharField()
    name = serializers.CharField()
    say = serializers.CharField()
    at_m = serializers.FloatField()
    length_m = serializers.FloatField()
    time_s = serializers.IntegerField()
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    heading = serializers.IntegerField()
    ascent_m = serializers.FloatField(allow_null=True)
    descent_m = serializers.FloatField(allow_null=True)


class CertaintySerializer(serializers.Serializer[Any]):
    """Shares of the way on which each attribute is known, 0 to 1."""

    kerb = serializers.FloatField()
    incline = serializers.FloatField()
    width = serializers.FloatField()
    surface = serializers.FloatField()
    smoothness = serializers.FloatField()
    lit = serializers.FloatField()
    tactile = serializers.FloatField()
    kerbs = serializers.IntegerField()
    kerbs_unknown = serializers.IntegerField()
    crossings_unknown = serializers.IntegerField()
    oldest_check_on = serializers.CharField(allow_null=True)
    say = serializers.CharField()


@extend_schema_field({"oneOf": [{"type": "number"}, {"type": "string"}], "nullable": True})
class ValueField(serializers.Field[Any, Any, Any, Any]):
    def to_representation(self, value: Any) -> Any:
        return value


class BlockerSerializer(serializers.Serializer[Any]):
    """One thing that stops this person, and what its lifting would save."""

    code = serializers.CharField()
    limit_field = serializers.CharField()
    feature = serializers.CharField()
    name = serializers.CharField()
    key = serializers.CharField()
    value = ValueField(allow_null=True)
    limit = ValueField(allow_null=True)
    unit = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    checked_on = serializers.CharField(allow_null=True)
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    saves_m = serializers.IntegerField(allow_null=True)
    saves_s = serializers.IntegerField(allow_null=True)
    say = serializers.CharField()
    reason = serializers.CharField()


class ExplanationSerializer(serializers.Serializer[Any]):
    walk_m = serializers.IntegerField()
    detour_m = serializers.IntegerField()
    blockers = BlockerSerializer(many=True)
    say = serializers.CharField()


class HazardSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    at_m = serializers.FloatField()
    closes = serializers.BooleanField()
    width_left_m = serializers.FloatField(allow_null=True)
    water_cm = serializers.FloatField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    certain = serializers.BooleanField()


class RoutePropertiesSerializer(serializers.Serializer[Any]):
    rank = serializers.IntegerField()
    profile = serializers.CharField()
    depart_at = serializers.DateTimeField()
    arrive_at = serializers.DateTimeField()
    length_m = serializers.IntegerField()
    time_s = serializers.IntegerField()
    ascent_m = serializers.FloatField(allow_null=True)
    descent_m = serializers.FloatField(allow_null=True)
    build = serializers.UUIDField()
    dated_on = serializers.CharField(allow_null=True)
    steps = RouteStepSerializer(many=True)
    certainty = CertaintySerializer()
    explanation = ExplanationSerializer()
    hazards = HazardSerializer(many=True)
    is_blocked = serializers.BooleanField()
    say = serializers.CharField()


class RouteSerializer(serializers.Serializer[Any]):
    """A route as a GeoJSON feature."""

    type = serializers.CharField()
    id = serializers.UUIDField()
    geometry = RouteLineSerializer()
    properties = RoutePropertiesSerializer()


class RoutesSerializer(serializers.Serializer[Any]):
    """The best route first, then others."""

    type = serializers.CharField()
    features = RouteSerializer(many=True)


class MatrixRequestSerializer(ProfileChoiceSerializer):
    profile = serializers.ChoiceField(TRAVEL_PROFILES, required=False)
    origins = serializers.ListField(child=LonLatSerializer(), min_length=1, max_length=MOST_PLACES)
    destinations = serializers.ListField(
        child=LonLatSerializer(), min_length=1, max_length=MOST_PLACES
    )
    at = serializers.DateTimeField(required=False)


class MatrixSerializer(serializers.Serializer[Any]):
    """Rows are origins; null where there is no way."""

    seconds = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(allow_null=True))
    )
    metres = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(allow_null=True))
    )


class ObstacleReportSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(REPORTABLE)
    lon = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-180, max_value=180)
    description = serializers.CharField(max_length=500, allow_blank=True, default="")
    width_left_m = serializers.FloatField(min_value=0, max_value=20, required=False)
    depth_m = serializers.FloatField(min_value=0, max_value=20, required=False)
    stops = serializers.ListField(
        child=serializers.ChoiceField(Obstruction.Stops.choices), default=list
    )
    photo = serializers.FileField(required=False)


class ObstacleSerializer(serializers.ModelSerializer[Obstruction]):
    id = serializers.UUIDField(source="code")
    kind = serializers.CharField()
    state = serializers.CharField()
    lon = serializers.FloatField(source="geom.centroid.x")
    lat = serializers.FloatField(source="geom.centroid.y")
    certain = serializers.SerializerMethodField()
    by_citizens = serializers.SerializerMethodField()

    class Meta:
        model = Obstruction
        fields = (
            "id", "kind", "state", "description", "lon", "lat", "width_left_m", "depth_m",
            "stops", "certainty", "certain", "by_citizens", "valid_from", "valid_to",
        )  # fmt: skip
        extra_kwargs = {"stops": {"child": serializers.CharField()}}

    def get_certain(self, row: Obstruction) -> bool:
        return is_sure(row)

    def get_by_citizens(self, row: Obstruction) -> bool:
        return row.source == SOURCE


class VoiceSerializer(serializers.Serializer[Any]):
    says = serializers.ChoiceField(ObstacleVoice.Says.choices)


class MyProfileSerializer(serializers.Serializer[Any]):
    base = serializers.ChoiceField(PROFILE_NAMES)
    limits = OwnLimitsSerializer(required=False, default=dict)
    effective = serializers.DictField(read_only=True, help_text="All limits together.")


class LiftSerializer(serializers.ModelSerializer[Lift]):
    id = serializers.SlugField(source="code")
    name = serializers.CharField(source="__str__")
    kind = serializers.CharField()
    state = serializers.CharField()
    lon = serializers.FloatField(source="geom.x")
    lat = serializers.FloatField(source="geom.y")
    since = serializers.DateTimeField(source="state_since")

    class Meta:
        model = Lift
        fields = ("id", "name", "kind", "lon", "lat", "state", "since", "expected_until")


class SessionRequestSerializer(serializers.Serializer[Any]):
    route = serializers.UUIDField()


class SessionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    socket = serializers.CharField(help_text="Path of the WebSocket.")
    route = serializers.UUIDField()


class AnchorsSerializer(serializers.Serializer[Any]):
    """A window of the way for a camera view."""

    type = serializers.CharField()
    route = serializers.UUIDField()
    build = serializers.UUIDField()
    profile = serializers.CharField()
    geoid = serializers.DictField(allow_null=True)
    polyline = serializers.DictField()
    window = serializers.DictField()
    anchors = serializers.ListField(child=serializers.DictField())
    cues = serializers.ListField(child=serializers.DictField())
    hazards = serializers.ListField(child=serializers.DictField())
    beacon = serializers.DictField()
