"""A person says how they move, and may take it back."""

from collections.abc import Mapping
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from apps.accounts.core.mobility import BOUNDS, InvalidLimit, ProfileName, personal
from apps.accounts.models import MobilityProfile, Person
from apps.accounts.selectors.consents import Purpose, require_consent
from apps.base import clock
from apps.base.problems import Invalid, Text

MOBILITY = "mobility-profile"

MOBILITY_PURPOSE = Purpose(
    title=_("Keeping how you move"),
    text=_(
        "The city keeps how you move (for example: in a wheelchair, up to which kerb) to lead you"
        " along ways you can use and to send a vehicle that fits. This tells of your health. Nobody"
        " but you sees it, and it goes as soon as you take this consent back."
    ),
    version="1",
    forget="apps.accounts.services.mobility.forget_mobility_profile",
)


def set_mobility_profile(
    *, person: Person, base: str, limits: Mapping[str, Any]
) -> MobilityProfile:
    """Keep one of the nine starting profiles with the person's own limits.

    Raises:
        ConsentMissing: the person has not agreed to its being kept.
        Invalid: no such profile, or a limit out of its bounds; names the field.
    """
    try:
        personal(cast("ProfileName", base), limits)
    except InvalidLimit as error:
        raise Invalid(errors={error.field: sentence_about(error)}) from error
    require_consent(person, MOBILITY)
    profile, _created = MobilityProfile.objects.update_or_create(
        person=person,
        defaults={"base": base, "limits": dict(limits), "updated_at": clock.now()},
    )
    return profile


def sentence_about(error: InvalidLimit) -> Text:
    """What is wrong with a limit, for the person who gave it."""
    bound = BOUNDS.get(error.field)
    if bound is None:
        return _("This value is not one of those offered.")
    return _("A value from %(low)g to %(high)g %(unit)s is expected.") % {
        "low": bound.low, "high": bound.high, "unit": bound.unit,
    }  # fmt: skip


def forget_mobility_profile(*, person: Person) -> None:
    MobilityProfile.objects.filter(person=person).delete()
