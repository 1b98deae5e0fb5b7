"""Kakao: the skill server's payload and answer, version 2.0, as its documentation names them."""

import hashlib
from typing import Any, ClassVar

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from apps.assistant.core.messages import MAX_TEXT, Abilities, Output, fitting
from apps.assistant.models import Conversation
from apps.assistant.services.buttons import token_for
from apps.base.screens import absolute

VERSION = "2.0"
MOST_OUTPUTS, MOST_QUICK_REPLIES = 3, 10
TEXT_LETTERS, LABEL_LETTERS, TITLE_LETTERS, CARD_LETTERS = 1000, 14, 50, 400
Json = dict[str, Any]


class Kakao:
    kind: ClassVar[str] = "kakao"
    abilities: ClassVar[Abilities] = Abilities(
        buttons=MOST_QUICK_REPLIES, texts=MOST_OUTPUTS, text_length=TEXT_LETTERS, place=False
    )


kakao = Kakao()


class User(msgspec.Struct):
    id: str
    type: str = "botUserKey"


class UserRequest(msgspec.Struct, rename="camel"):
    user: User
    utterance: str = ""
    lang: str | None = None
    callback_url: str | None = None


class Action(msgspec.Struct, rename="camel"):
    id: str = ""
    name: str = ""
    params: Json = msgspec.field(default_factory=dict)
    client_extra: Json | None = None


class SkillPayload(msgspec.Struct, rename="camel"):
    user_request: UserRequest
    action: Action = msgspec.field(default_factory=Action)

    @property
    def event_id(self) -> str:
        """Kakao numbers no messages; the callback address is each request's own."""
        address = self.user_request.callback_url
        return hashlib.sha256(address.encode()).hexdigest() if address else ""

    def said(self) -> dict[str, str]:
        """The fields of an `Inbound` that the payload fills."""
        token = (self.action.client_extra or {}).get("token")
        if isinstance(token, str) and token:
            return {"token": token}
        photo = self.action.params.get("secureimage") or self.action.params.get("image")
        if isinstance(photo, str) and photo and not self.user_request.utterance.strip():
            return {"media": f"kakao:{photo}"}
        return {"text": self.user_request.utterance[: 4 * MAX_TEXT]}


# ---------------------------------------------------------------- answers


def answer_of(outputs: list[Output], conversation: Conversation | None) -> Json:
    """A skill's answer: at most three outputs; what is more goes into the last."""
    language = conversation.language if conversation is not None else settings.LANGUAGE_CODE
    with translation.override(language):
        shown = [part for one in outputs for part in _parts(one)]
    if len(shown) > MOST_OUTPUTS:
        rest = "\n\n".join(_plain(part) for part in shown[MOST_OUTPUTS - 1 :])
        shown = [*shown[: MOST_OUTPUTS - 1], _simple(rest)]
    template: Json = {"outputs": shown or [_simple("…")]}
    replies = [
        reply
        for one in outputs
        if conversation is not None
        for reply in _quick_replies(one, conversation)
    ]
    if replies:
        template["quickReplies"] = fitting(replies, MOST_QUICK_REPLIES)
    return {"version": VERSION, "template": template}


def please_wait(text: str) -> Json:
    return {"version": VERSION, "useCallback": True, "data": {"text": text}}


def _parts(output: Output) -> list[Json]:
    texts = [_simple(output.text)] if output.text else []
    if output.card is None:
        return texts
    card = output.card
    facts = [f"{name}: {fact}" for name, fact in card.facts]
    shown: Json = {
        "title": card.title[:TITLE_LETTERS],
        "description": "\n".join(part for part in (card.text, *facts) if part)[:CARD_LETTERS],
    }
    if card.link:
        address = absolute(card.link)
        shown["buttons"] = [{"action": "webLink", "label": _("More"), "webLinkUrl": address}]
    return [*texts, {"textCard": shown}]


def _simple(text: str) -> Json:
    return {"simpleText": {"text": text[:TEXT_LETTERS]}}


def _plain(part: Json) -> str:
    if "simpleText" in part:
        return str(part["simpleText"]["text"])
    card = part["textCard"]
    return f"{card['title']}\n{card['description']}"


def _quick_replies(output: Output, conversation: Conversation) -> list[Json]:
    """With a block of the bot's own our token comes back; without, what stands on the button."""
    replies: list[Json] = []
    for button in output.buttons:
        reply: Json = {"label": button.label[:LABEL_LETTERS], "messageText": button.label}
        if settings.KAKAO_BLOCK:
            token = token_for(button, conversation)
            reply |= {"action": "block", "blockId": settings.KAKAO_BLOCK, "extra": {"token": token}}
        else:
            reply["action"] = "message"
        replies.append(reply)
    return replies
