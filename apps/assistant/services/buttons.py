"""Buttons leave the house as signed tokens: opaque, bound to the conversation, and they end."""

from datetime import timedelta

from apps.assistant.core.messages import Button
from apps.assistant.models import Conversation
from apps.base import tokens

PURPOSE = "assistant.button"
LASTS = timedelta(days=2)


def token_for(button: Button, conversation: Conversation) -> str:
    bound = [conversation.code.hex, conversation.attempt, conversation.asked, button.choice]
    return tokens.sign(PURPOSE, bound, lasts=LASTS)


def read_token(token: str, conversation: Conversation) -> tuple[str, str] | None:
    """The choice, and the slot it was offered for; None where the button is not (or no longer)
    one of this conversation."""
    try:
        code, attempt, asked, choice = tokens.read(PURPOSE, token)
    except (tokens.TokenForged, tokens.TokenExpired, ValueError):
        return None
    moves = choice.startswith(("go:", "skill:")) and choice not in ("go:yes", "go:no")
    if code != conversation.code.hex or (attempt != conversation.attempt and not moves):
        return None
    return choice, "" if moves else asked
