"""Conversations: who speaks by which channel, what was said, what waits to be answered.

And what the city knows.
"""

from apps.assistant.models.calls import (
    Call,
    CallTurn,
    OutboundCall,
    RecordingAccess,
    RecordingChunk,
)
from apps.assistant.models.channels import ChannelIdentity, InboundEvent
from apps.assistant.models.conversations import Conversation, Handover, Turn
from apps.assistant.models.deeds import Deed
from apps.assistant.models.knowledge import (
    ArticleVersion,
    IntentExample,
    IntentReview,
    KnowledgeArticle,
    UnansweredQuestion,
)

__all__ = [
    "ArticleVersion",
    "Call",
    "CallTurn",
    "ChannelIdentity",
    "Conversation",
    "Deed",
    "Handover",
    "InboundEvent",
    "IntentExample",
    "IntentReview",
    "KnowledgeArticle",
    "OutboundCall",
    "RecordingAccess",
    "RecordingChunk",
    "Turn",
    "UnansweredQuestion",
]
