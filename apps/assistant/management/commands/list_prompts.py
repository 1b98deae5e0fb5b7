"""`manage.py list_prompts`: which file of `CITIZEN_VOICE_PROMPTS` holds which sentence.

Every sentence of the telephone without a variable part can be recorded; what has no file is spoken
by the next engine.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext

import apps.assistant
from apps.assistant.speech.core.prompts import prompt_name, sentences_of

SPOKEN_IN = ("voice", "services/dialogue", "skills")


class Command(BaseCommand):
    help = "Lists the sentences that can be recorded, with the name of each one's file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("language", choices=["ko", "en"])

    def handle(self, *_arguments: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            said = {gettext(text) for text in _texts()}
        for sentence in sorted({one for text in said for one in sentences_of(text)}):
            self.stdout.write(f"{prompt_name(sentence)}.wav\t{sentence}")


def _texts() -> Iterator[str]:
    """Every translated text in the code that speaks, but for those with a variable part."""
    home = Path(apps.assistant.__file__).parent
    for place in SPOKEN_IN:
        for file in sorted((home / place).rglob("*.py")):
            yield from _texts_in(ast.parse(file.read_text()))


def _texts_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Name(id="_" | "gettext"), args=[ast.Constant(value=str(text)), *_]
            ) if "%" not in text:
                yield text
