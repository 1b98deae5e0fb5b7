"""What a process remembers of the knowledge base: an index per language, for one edition."""

from datetime import date, datetime
from threading import Lock

from apps.assistant.core.retrieval import Entry, Index
from apps.assistant.models import ArticleVersion, KnowledgeArticle

Edition = tuple[datetime | None, datetime | None, date]
_known: dict[str, tuple[Edition, Index]] = {}
_lock = Lock()


def index_of(language: str, on: date) -> Index:
    """The index of what is in force on a day; made anew when an article has changed."""
    edition = _edition(on)
    with _lock:
        known = _known.get(language)
        if known is None or known[0] != edition:
            known = (edition, Index(_entries(language, on)))
            _known[language] = known
    return known[1]


def forget() -> None:
    """For tests, whose rows vanish without a change."""
    with _lock:
        _known.clear()


def _edition(on: date) -> Edition:
    changed = ArticleVersion.objects.order_by("-changed_at").values_list("changed_at", flat=True)
    retired = KnowledgeArticle.objects.exclude(retired_at=None).order_by("-retired_at")
    return changed.first(), retired.values_list("retired_at", flat=True).first(), on


def _entries(language: str, on: date) -> list[Entry]:
    rows = ArticleVersion.objects.in_force(on).filter(article__language=language)
    return [Entry(row.pk, (row.title, *row.questions), row.answer) for row in rows]
