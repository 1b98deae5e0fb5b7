"""Why a way is as it is: each thing that closes the shorter one to this person."""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.commands import open_skill
from apps.assistant.core.messages import Button, Output
from apps.assistant.core.slots import Context, Skill
from apps.assistant.models import Deed
from apps.assistant.services.deeds import deeds_in
from apps.navigation.selectors.telling import certainty_row, explanation_rows
from apps.navigation.selectors.walks import route_for, walk_of

SHOWN = 4
RECENT = timedelta(hours=24)


class ExplainWay(Skill):
    name: ClassVar[str] = "explain_way"
    intents: ClassVar[tuple[str, ...]] = ("explain_way",)
    digresses: ClassVar[bool] = True

    def title(self, context: Context) -> str:
        return _("Why this way?")

    def perform(self, context: Context) -> Sequence[Output]:
        found = deeds_in(context.conversation, Deed.Kind.ROUTE, within=RECENT)
        if not found:
            button = Button(_("Find a way without barriers"), open_skill("find_way"))
            text = _("We have spoken of no way yet.")
            return [Output(text=text, buttons=(button,))]
        walk = walk_of(route_for(found[0], context.person))
        why, sure = explanation_rows(walk.legs), certainty_row(walk.legs)
        blockers = [f"– {row['say']}" for row in why["blockers"][:SHOWN]]
        return [Output(text="\n".join([why["say"], *blockers, sure["say"]]))]


skill = ExplainWay()
