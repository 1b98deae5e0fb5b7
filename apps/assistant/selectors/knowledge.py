"""What the city answers to a question, if it knows."""

from dataclasses import dataclass

from django.utils import timezone

from apps.assistant.cache import index_of
from apps.assistant.models import ArticleVersion
from apps.base import clock
from apps.city.models import the_city

# Below this the city says that it does not know; measured by `benchmarks assistant`.
SURE_FROM = 0.42
NEAR = 0.9


@dataclass(frozen=True, slots=True)
class Known:
    """The article that answers, and others that came close."""

    version: ArticleVersion
    score: float


def answer_to(question: str, language: str) -> Known | None:
    """The article that answers a question; None where none is sure enough."""
    best = best_for(question, language)
    return best if best is not None and best.score >= SURE_FROM else None


def best_for(question: str, language: str) -> Known | None:
    """The best article however unsure; for measuring where the bar belongs."""
    today = timezone.localtime(clock.now(), the_city().zone).date()
    hits = index_of(language, today).ask(question, limit=1)
    if not hits:
        return None
    version = ArticleVersion.objects.select_related("article").filter(pk=hits[0].key).first()
    return Known(version, hits[0].score) if version else None
