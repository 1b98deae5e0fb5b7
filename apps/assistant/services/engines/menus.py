"""The engine that is always there: buttons, keypad, and answers to the question asked."""

from apps.assistant.core.messages import Understood
from apps.assistant.models import InboundEvent
from apps.assistant.services.dialogue.answering import NO_ENGINE
from apps.assistant.services.settling import settle


class Menus:
    def answer(self, event: InboundEvent, text: str) -> bool:
        understood = Understood(intent=NO_ENGINE if text else "")
        settle(event=event.pk, understood=understood, engine="menus")
        return True


menus = Menus()
