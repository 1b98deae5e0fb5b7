"""Conversations: who speaks by which channel, what was said, what waits to be answered."""

from apps.assistant.models.channels import ChannelIdentity, InboundEvent
from apps.assistant.models.conversations import Conversation, Handover, Turn

__all__ = ["ChannelIdentity", "Conversation", "Handover", "InboundEvent", "Turn"]
