"""Sentences from patterns: every way to say it, in good Korean, the same every time."""

import re

import pytest

from apps.assistant.core.intents import INTENTS
from apps.assistant.rasa.training.examples import FOLDER, read_examples
from apps.assistant.rasa.training.patterns import read_patterns, sentences

SIGNS = ".?!"


def said(text: str) -> set[str]:
    [found] = sentences([text]).values()
    return {one.rstrip(SIGNS).lower() for one in found}


def test_a_line_stands_for_all_its_ways() -> None:
    found = said("{spot} = space | bay\n## book_parking\n40* <book|reserve> a {spot} <now|>")
    assert found == {
        "book a space now", "book a space", "reserve a space now", "reserve a space",
        "book a bay now", "book a bay", "reserve a bay now", "reserve a bay",
    }  # fmt: skip


def test_only_as_many_are_drawn_as_the_line_says() -> None:
    assert len(said("## greet\n3* <a|b|c|d> <e|f|g|h>")) == 3


def test_names_may_hold_names_and_marks_are_kept() -> None:
    text = "{kind} = park\n{place} = oak {kind}\n## inform\n[{place}](place)"
    assert said(text) == {"[oak park](place)"}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[정발산역](place)이에요", "[정발산역](place)이에요"),
        ("[초등학교](place)이에요", "[초등학교](place)예요"),
        ("[호수공원](place)로 가요", "[호수공원](place)으로 가요"),
        ("[달빛길](place)으로 가요", "[달빛길](place)로 가요"),
        ("가로등{이/가} 꺼졌다", "가로등이 꺼졌다"),
        ("포트홀하고 나무{은/는}", "포트홀하고 나무는"),
    ],
)
def test_particles_agree_with_what_they_hang_on(pattern: str, expected: str) -> None:
    [found] = said(f"## inform\n{pattern}")
    assert found.replace(" ", "") == expected.replace(" ", "")


def test_the_draws_are_the_same_every_time() -> None:
    texts = [path.read_text() for path in sorted((FOLDER / "ko").glob("*.txt"))]
    assert sentences(texts) == sentences(texts)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_our_own_patterns_are_whole(language: str) -> None:
    texts = [path.read_text() for path in sorted((FOLDER / language).glob("*.txt"))]
    names, patterns = read_patterns(texts)
    assert {one.intent for one in patterns} <= set(INTENTS)
    used = {name for one in patterns for name in re.findall(r"\{([^}]+)\}", one.text)}
    assert {name for name in used if "/" not in name} <= set(names)
    for lines in sentences(texts).values():
        for line in lines:
            assert not re.search(r"[{}<>|]|\s\s", line), line


def test_every_intent_has_plenty_in_both_languages() -> None:
    examples = read_examples()
    for language in ("ko", "en"):
        poor = {name for name in INTENTS if examples.counts[language].get(name, 0) < 80}
        assert not poor
