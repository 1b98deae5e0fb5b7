"""The web chat: turns as rows of a live topic, and who may see whose.

Somebody without a login is known by a token that their browser keeps; it names a channel identity
and nothing else. A signed-in person's token is bound to the person when the chat opens.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from apps.assistant.core.messages import Abilities, Button
from apps.assistant.models import Conversation, Turn
from apps.assistant.services.buttons import token_for
from apps.base import clock, live, tokens
from apps.base.live import Row

PURPOSE, RESUMES = "assistant.web", timedelta(days=30)
TOPIC = "assistant.chat"
SHOWN, SHOWN_FOR = 200, timedelta(days=1)
Json = dict[str, Any]


class Web:
    kind: ClassVar[str] = "web"
    abilities: ClassVar[Abilities] = Abilities(buttons=20, texts=10, text_length=4000)


web = Web()


def new_identity() -> str:
    return uuid.uuid4().hex


def resume_token(identity: str) -> str:
    return tokens.sign(PURPOSE, identity, lasts=RESUMES)


def identity_in(token: str) -> str:
    """Whose chat this is; a new one where the token is none of ours or has ended."""
    try:
        return str(tokens.read(PURPOSE, token))
    except (tokens.TokenForged, tokens.TokenExpired):
        return new_identity()


# ---------------------------------------------------------------- rows


def show(conversation: Conversation, turns: Sequence[Turn]) -> None:
    """Tell the open chat windows of new turns."""
    rows = [_row(turn, conversation, is_last=True) for turn in turns]
    live.announce(f"{TOPIC}:{conversation.identity.identity}", rows)


class ChatTopic:
    """`assistant.chat:IDENTITY`: what was said in the last day, buttons only where they still
    answer something."""

    def rows(self, key: str, *, since: int | None) -> Iterable[Row]:
        turns = Turn.objects.filter(
            conversation__identity__channel=web.kind,
            conversation__identity__identity=key,
            at__gte=clock.now() - SHOWN_FOR,
        ).select_related("conversation")
        if since is not None:
            turns = turns.filter(changed_in__gte=since)
        newest = list(turns.order_by("-pk")[:SHOWN])
        asked = _still_asked(newest)
        return [_row(turn, turn.conversation, is_last=turn.pk in asked) for turn in newest[::-1]]


topic = ChatTopic()


async def never(_scope: Mapping[str, Any], _key: str) -> bool:
    """Nobody follows a chat by the common door; its own consumer knows whose it is."""
    return False


def _still_asked(newest_first: Iterable[Turn]) -> set[int]:
    """What the city said since the citizen last said something."""
    found = set()
    for turn in newest_first:
        if turn.side == Turn.Side.CITIZEN:
            break
        found.add(turn.pk)
    return found


def _row(turn: Turn, conversation: Conversation, *, is_last: bool) -> Row:
    output: Mapping[str, Any] = turn.output or {}
    return {
        "id": f"{conversation.code}:{turn.number}",
        "version": 1,
        "number": turn.number,
        "started_at": conversation.started_at,
        "at": turn.at,
        "side": turn.side,
        "kind": turn.kind,
        "text": output.get("text", turn.text),
        "card": output.get("card"),
        "buttons": _buttons(output, conversation) if is_last else [],
        "ask_location": bool(output.get("ask_location")) and is_last,
        "expects": output.get("expects", "nothing"),
        "language": conversation.language,
    }


def _buttons(output: Mapping[str, Any], conversation: Conversation) -> list[Json]:
    return [
        {"label": label, "token": token_for(Button(label, choice), conversation)}
        for label, choice in output.get("buttons", ())
    ]
