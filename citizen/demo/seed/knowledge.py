"""What Dalbit's staff wrote into the knowledge base, each article approved by somebody else."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from apps.assistant.models import KnowledgeArticle
from apps.assistant.services.knowledge import (
    Draft,
    approve_version,
    draft_version,
    submit_version,
)
from apps.base import clock
from citizen.demo.world.town import Town

AUTHOR, APPROVER = "demo:choi", "demo:park"
LANGUAGES = ("ko", "en")
FILE = Path(__file__).with_suffix(".json")


def subjects() -> list[dict[str, Any]]:
    """`slug`, `source`, and per language `title`, `questions`, `answer`."""
    found: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def seed_knowledge(_town: Town) -> None:
    """Twice changes nothing."""
    year = clock.now().year
    for subject in subjects():
        for language in LANGUAGES:
            _write(subject, language, year)


def _write(subject: dict[str, Any], language: str, year: int) -> None:
    article, _created = KnowledgeArticle.objects.get_or_create(
        slug=subject["slug"], language=language
    )
    if article.versions.exists():
        return
    told = subject[language]
    draft = Draft(
        title=told["title"], questions=tuple(told["questions"]), answer=told["answer"],
        source_name=subject["source"], valid_from=date(year, 1, 1),
        valid_until=date(year + 1, 12, 31),
    )  # fmt: skip
    version = draft_version(article=article, draft=draft, actor=AUTHOR)
    submit_version(version=version, actor=AUTHOR)
    approve_version(version=version, actor=APPROVER)
