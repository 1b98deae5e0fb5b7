"""Which datastream tells what of which link."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.base.problems import Conflict
from apps.traffic.core.fusion import Source
from apps.traffic.models import Link, LinkSensor
from devices.models import Datastream, ObservedProperty
from devices.services.provisioning import PropertyPlan, define_property

SEEN_PROPERTIES = (
    PropertyPlan(
        code="traffic_speed", names={"en": "Mean speed of vehicles", "ko": "평균 통행 속도"},
        unit="km/h", low=0, high=220,
    ),
    PropertyPlan(
        code="traffic_count", names={"en": "Vehicles counted", "ko": "통과 차량 수"},
        unit="{count}", low=0, high=10_000,
    ),
    PropertyPlan(
        code="traffic_occupancy", names={"en": "Occupancy of a detector", "ko": "검지기 점유율"},
        unit="%", low=0, high=100,
    ),
)  # fmt: skip
_ROLES = {
    "traffic_speed": LinkSensor.Role.SPEED,
    "traffic_count": LinkSensor.Role.COUNT,
    "traffic_occupancy": LinkSensor.Role.OCCUPANCY,
}


def define_properties() -> list[ObservedProperty]:
    """What traffic understands when devices tell it."""
    return [define_property(plan) for plan in SEEN_PROPERTIES]


@transaction.atomic
def attach_sensor(
    *, datastream: Datastream, link: Link, source: Source, period_s: float = 60.0
) -> LinkSensor:
    """From now on this datastream speaks of this link.

    Raises:
        Conflict: it tells nothing of traffic.
    """
    role = _ROLES.get(datastream.observed_property.code)
    if role is None:
        raise Conflict(errors={"datastream": _("It tells nothing of traffic.")})
    sensor, _created = LinkSensor.objects.update_or_create(
        datastream=datastream,
        defaults={"link": link, "role": role, "source": source.value, "period_s": period_s},
    )
    return sensor
