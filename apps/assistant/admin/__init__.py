"""Staff pages of the assistant."""

from apps.assistant.admin.calls import CallAdmin, OutboundCallAdmin, RecordingAccessAdmin

__all__ = ["CallAdmin", "OutboundCallAdmin", "RecordingAccessAdmin"]
