"""Staff pages of the assistant."""

from apps.assistant.admin.calls import CallAdmin, OutboundCallAdmin, RecordingAccessAdmin
from apps.assistant.admin.conversations import ConversationAdmin
from apps.assistant.admin.knowledge import ArticleVersionAdmin, KnowledgeArticleAdmin
from apps.assistant.admin.reviewing import (
    IntentExampleAdmin,
    IntentReviewAdmin,
    UnansweredQuestionAdmin,
)

__all__ = [
    "ArticleVersionAdmin",
    "CallAdmin",
    "ConversationAdmin",
    "IntentExampleAdmin",
    "IntentReviewAdmin",
    "KnowledgeArticleAdmin",
    "OutboundCallAdmin",
    "RecordingAccessAdmin",
    "UnansweredQuestionAdmin",
]
