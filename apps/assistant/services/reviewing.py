"""Staff say what a sentence meant; the next training learns from it."""

from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.assistant.core.intents import INTENTS
from apps.assistant.models import IntentExample, Turn, UnansweredQuestion
from apps.base import clock
from apps.base.problems import Invalid
from apps.complaints.services.privacy import clean

Verdict = IntentExample.Verdict
LONGEST = 300
REVIEWED = "reviewed.yml"


@transaction.atomic
def review_turn(*, turn: Turn, intent: str, actor: str) -> IntentExample:
    """Accept the engine's guess, or correct it; "" says that it is no example."""
    if intent and intent not in INTENTS:
        raise Invalid(errors={"intent": _("There is no such intent.")})
    verdict = Verdict.ACCEPTED if intent == turn.intent else Verdict.CORRECTED
    if not intent:
        verdict = Verdict.DISMISSED
    text = clean(turn.text).masked[:LONGEST]
    if verdict != Verdict.DISMISSED:
        IntentExample.objects.filter(language=turn.conversation.language, text=text).exclude(
            verdict=Verdict.DISMISSED
        ).exclude(turn=turn).delete()
    row, _created = IntentExample.objects.update_or_create(
        turn=turn,
        defaults={
            "text": text, "language": turn.conversation.language, "guessed": turn.intent,
            "confidence": turn.confidence, "intent": intent, "verdict": verdict,
            "reviewed_by": actor, "reviewed_at": clock.now(),
        },
    )  # fmt: skip
    return row


@transaction.atomic
def learn_question(*, question: UnansweredQuestion, intent: str, actor: str) -> IntentExample:
    """What was not understood becomes an example of what it meant."""
    if intent not in INTENTS:
        raise Invalid(errors={"intent": _("There is no such intent.")})
    IntentExample.objects.filter(language=question.language, text=question.text).exclude(
        verdict=Verdict.DISMISSED
    ).delete()
    row = IntentExample.objects.create(
        text=question.text, language=question.language, intent=intent, verdict=Verdict.CORRECTED,
        reviewed_by=actor, reviewed_at=clock.now(),
    )  # fmt: skip
    question.state, question.settled_by = UnansweredQuestion.State.LEARNED, actor
    question.save(update_fields=["state", "settled_by"])
    return row


def export_examples(folder: Path) -> int:
    """Write what was reviewed as training data, a file a language. Returns how many sentences."""
    rows = IntentExample.objects.exclude(verdict=Verdict.DISMISSED).order_by("intent", "pk")
    by_language: dict[str, list[IntentExample]] = {}
    for row in rows:
        by_language.setdefault(row.language, []).append(row)
    for language, examples in by_language.items():
        (folder / language).mkdir(parents=True, exist_ok=True)
        text = "".join(_as_yaml(examples))
        (folder / language / REVIEWED).write_text(text, encoding="utf-8")
    return sum(map(len, by_language.values()))


def _as_yaml(examples: list[IntentExample]) -> Iterator[str]:
    """Rasa's own shape. Signs that would mean something to it are left out."""
    yield 'version: "3.1"\n\nnlu:\n'
    for intent in dict.fromkeys(row.intent for row in examples):
        yield f"  - intent: {intent}\n    examples: |\n"
        for row in examples:
            if row.intent == intent:
                plain = "".join(sign for sign in row.text if sign not in "[]{}()|")
                yield f"      - {' '.join(plain.split())}\n"
