"""LINE: what it can show, and how our outputs look there (Messaging API, message objects)."""

from typing import Any, ClassVar

from apps.assistant.core.messages import Abilities, Output, fitting
from apps.assistant.models import Conversation, Turn
from apps.assistant.services.buttons import token_for
from apps.base.screens import absolute

MOST_MESSAGES = 5
MOST_QUICK_REPLIES = 13
LABEL_LETTERS, TEXT_LETTERS = 20, 5000
Json = dict[str, Any]


class Line:
    kind: ClassVar[str] = "line"
    abilities: ClassVar[Abilities] = Abilities(
        buttons=MOST_QUICK_REPLIES, texts=MOST_MESSAGES, text_length=TEXT_LETTERS
    )


line = Line()


def messages_of(turns: list[Turn], conversation: Conversation) -> list[Json]:
    """At most five messages; quick replies are shown under the last only."""
    outputs = [Output.from_json(t.output) if t.output else Output(text=t.text) for t in turns]
    texts = [text for text in map(_text, outputs) if text]
    if len(texts) > MOST_MESSAGES:
        texts = [*texts[: MOST_MESSAGES - 1], "\n\n".join(texts[MOST_MESSAGES - 1 :])]
    messages: list[Json] = [{"type": "text", "text": text[:TEXT_LETTERS]} for text in texts]
    replies = [reply for one in outputs for reply in _quick_replies(one, conversation)]
    if replies and messages:
        messages[-1]["quickReply"] = {"items": fitting(replies, MOST_QUICK_REPLIES)}
    return messages


def _text(output: Output) -> str:
    card = output.card
    if card is None:
        return output.text
    facts = [f"{name}: {fact}" for name, fact in card.facts]
    shown = [part for part in (card.title, card.text, *facts) if part and part not in output.text]
    link = absolute(card.link) if card.link else ""
    return "\n".join(part for part in (output.text, *shown, link) if part)


def _quick_replies(output: Output, conversation: Conversation) -> list[Json]:
    found: list[Json] = [
        _action(
            {
                "type": "postback",
                "label": button.label[:LABEL_LETTERS],
                "data": token_for(button, conversation),
                "displayText": button.label,
            }
        )
        for button in output.buttons
    ]
    if output.ask_location:
        found.append(_action({"type": "location", "label": "📍"}))
    return found


def _action(action: Json) -> Json:
    return {"type": "action", "action": action}
