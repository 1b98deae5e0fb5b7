"""The catalogue of sentences: for each danger what it is called and what to do.

A further language is a further gettext catalogue; nothing here changes. Staff edit the result.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.alerts.core.chains import Step
from apps.base import clock
from apps.base.names import pick
from apps.city.models import founded
from apps.hazards.models import HazardKind

Text = str | Promise
AREA_LETTERS = 40
SHORT_AREA_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Wording:
    """`category` is CAP's, `code` a SAME event code where there is one."""

    event: Text
    instruction: Text
    short: Text
    category: str
    responses: tuple[str, ...]
    code: str = ""


K = HazardKind
WORDINGS: dict[str, Wording] = {
    K.FLOOD: Wording(
        gettext_lazy("Flood"),
        gettext_lazy(
            "Go to higher ground now. Keep away from the river and from underpasses."
            " Do not drive through water."
        ),
        gettext_lazy("Go to higher ground."),
        "Met", ("Evacuate", "Avoid"), "FLW",
    ),
    K.SURFACE_WATER: Wording(
        gettext_lazy("Flooded street"),
        gettext_lazy(
            "Stay out of underpasses, basements and flooded streets. Do not drive through water."
        ),
        gettext_lazy("Stay out of underpasses."),
        "Met", ("Avoid",), "FFW",
    ),
    K.STRUCTURE: Wording(
        gettext_lazy("Building or bridge in danger"),
        gettext_lazy("Leave the area and stay behind the barriers. Do not go back for belongings."),
        gettext_lazy("Leave the area."),
        "Infra", ("Evacuate", "Avoid"),
    ),
    K.LANDSLIDE: Wording(
        gettext_lazy("Landslide"),
        gettext_lazy("Leave the slope and the valley below it. Move sideways, not downhill."),
        gettext_lazy("Leave the slope."),
        "Geo", ("Evacuate",),
    ),
    K.FIRE: Wording(
        gettext_lazy("Fire"),
        gettext_lazy("Leave the area on foot, away from the smoke. Do not use lifts. Call 119."),
        gettext_lazy("Leave on foot. No lifts."),
        "Fire", ("Evacuate",),
    ),
    K.SMOKE: Wording(
        gettext_lazy("Smoke or gas"),
        gettext_lazy("Go indoors. Close windows and doors, switch ventilation off."),
        gettext_lazy("Go indoors, close windows."),
        "Env", ("Shelter",),
    ),
    K.STORM: Wording(
        gettext_lazy("Storm"),
        gettext_lazy("Stay indoors, away from windows. Keep away from trees and scaffolding."),
        gettext_lazy("Stay indoors."),
        "Met", ("Shelter",),
    ),
    K.HEAT: Wording(
        gettext_lazy("Heat"),
        gettext_lazy("Stay in the shade or in a cooling shelter. Drink water. Look after others."),
        gettext_lazy("Drink water, seek shade."),
        "Met", ("Prepare",),
    ),
    K.COLD: Wording(
        gettext_lazy("Cold, ice or snow"),
        gettext_lazy("Stay indoors if you can. Walk slowly and clear of roofs."),
        gettext_lazy("Mind ice, keep warm."),
        "Met", ("Prepare",),
    ),
    K.CROWD: Wording(
        gettext_lazy("Dangerous crowd"),
        gettext_lazy("Do not go there. If you are there, move to the edge and out, without haste."),
        gettext_lazy("Do not go there."),
        "Safety", ("Avoid",),
    ),
    K.CLOSURE: Wording(
        gettext_lazy("Closure"),
        gettext_lazy("Use another way. Follow the signs and the officers on the spot."),
        gettext_lazy("Use another way."),
        "Transport", ("Avoid",),
    ),
    K.WATER_SUPPLY: Wording(
        gettext_lazy("Water supply"),
        gettext_lazy("Do not drink tap water until further notice. Boil it before use."),
        gettext_lazy("Do not drink tap water."),
        "Infra", ("Avoid",),
    ),
    K.OTHER: Wording(
        gettext_lazy("Danger"),
        gettext_lazy("Keep away from the area and follow the officers on the spot."),
        gettext_lazy("Keep away."),
        "Safety", ("Avoid",),
    ),
}  # fmt: skip


def draft_texts(
    kind: str, step: Step, *, area: dict[str, str], expires_at: datetime
) -> dict[str, dict[str, str]]:
    """The catalogue's words in every language of the deployment."""
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = _texts(WORDINGS[kind], step, _facts(kind, area, language, expires_at))
    return texts


def event_name(kind: str, language: str) -> str:
    with translation.override(language):
        return str(WORDINGS[kind].event)


def _facts(kind: str, area: dict[str, str], language: str, expires_at: datetime) -> dict[str, Any]:
    name = pick(area, language) or _("the marked area")
    return {
        "event": WORDINGS[kind].event,
        "area": name[:AREA_LETTERS],
        "short_area": name[:SHORT_AREA_LETTERS],
        "until": _local(expires_at),
    }


def _local(at: datetime) -> str:
    city = founded().first()
    local = at.astimezone(city.zone) if city else at
    today = clock.now().astimezone(local.tzinfo).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%m.%d. %H:%M}"


def _texts(wording: Wording, step: Step, facts: dict[str, Any]) -> dict[str, str]:
    match step:
        case Step.ALL_CLEAR:
            return {
                "headline": _("All clear: %(event)s, %(area)s") % facts,
                "description": _("The danger in %(area)s is over.") % facts,
                "instruction": _("You may go back. Report damage to the city."),
                "short": _("[All clear] %(short_area)s") % facts,
            }
        case Step.CANCEL:
            return {
                "headline": _("Taken back: %(event)s, %(area)s") % facts,
                "description": _("The alert for %(area)s was a mistake.") % facts,
                "instruction": _("There is no danger. We are sorry."),
                "short": _("[Taken back] %(short_area)s") % facts,
            }
    return {
        "headline": _("%(event)s: %(area)s") % facts,
        "description": _("Danger in %(area)s until about %(until)s.") % facts,
        "instruction": str(wording.instruction),
        "short": f"[{facts['event']}] {facts['short_area']}. {wording.short}",
    }
