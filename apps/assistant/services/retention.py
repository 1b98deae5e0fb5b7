"""What is kept no longer than it serves."""

from apps.assistant.services.deeds import forget_deeds
from apps.assistant.services.knowledge import forget_questions


def deeds() -> int:
    return forget_deeds()


def questions() -> int:
    return forget_questions()
