"""`manage.py call`: anyone can ring the demo town."""

import io

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.django_db
def test_it_says_so_where_nobody_picks_up(settings: object) -> None:
    settings.AUDIO_SOCKET_PORT = 1  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="Nobody picks up"):
        call_command("call", "1", language="en", stdout=io.StringIO())


@pytest.mark.django_db
def test_it_says_so_where_the_town_has_no_telephone(settings: object) -> None:
    settings.AUDIO_SOCKET_PORT = 0  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="no port"):
        call_command("call", "1", stdout=io.StringIO())


@pytest.mark.parametrize(("language", "sentence"), [("ko", "안녕히 계십시오."), ("en", "Goodbye.")])
def test_prompts_are_named_for_whoever_records_them(language: str, sentence: str) -> None:
    from apps.assistant.speech.core.prompts import prompt_name

    out = io.StringIO()
    call_command("list_prompts", language, stdout=out)
    assert f"{prompt_name(sentence)}.wav\t{sentence}\n" in out.getvalue()
