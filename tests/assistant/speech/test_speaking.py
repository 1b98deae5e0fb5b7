"""What we say as audio: files first, then the operator's voices, then what is built in."""

import json
from pathlib import Path

import numpy as np
import pytest

from apps.assistant.speech.core.audio import samples_of, seconds_of
from apps.assistant.speech.core.prompts import prompt_name, sentences_of
from apps.assistant.speech.core.wave import UnreadableWave, read_wave, write_wave
from apps.assistant.speech.kinds.espeak import Espeak, NoVoice
from apps.assistant.speech.kinds.piper import Piper
from apps.assistant.speech.kinds.prompt_files import PromptFiles
from apps.assistant.speech.speaking import Mouth

TONE = (np.sin(np.arange(22_050) / 10) * 8_000).astype("<i2").tobytes()


class Counting:
    def __init__(self, *, answers: bytes | None = b"\x01\x00" * 80, fails: bool = False) -> None:
        self.answers, self.fails, self.asked = answers, fails, 0

    async def speak(self, sentence: str, language: str) -> bytes | None:
        self.asked += 1
        if self.fails:
            raise NoVoice("it is hoarse")
        return self.answers


@pytest.mark.parametrize(
    ("text", "language"), [("민원 번호는 12번입니다.", "ko"), ("Your number is 12.", "en")]
)
async def test_espeak_speaks(text: str, language: str) -> None:
    audio = await Espeak().speak(text, language)
    assert audio is not None
    assert 0.8 < seconds_of(audio) < 6
    assert abs(samples_of(audio).astype(int)).max() > 3_000


async def test_a_language_that_nobody_speaks_is_no_voice() -> None:
    with pytest.raises(NoVoice):
        await Mouth([Espeak()]).speak("hello", "xx-nowhere")


async def test_a_recorded_prompt_comes_before_a_machine(tmp_path: Path) -> None:
    sentence = "Goodbye."
    file = tmp_path / "en" / f"{prompt_name(sentence)}.wav"
    file.parent.mkdir()
    file.write_bytes(write_wave(TONE, 22_050))
    machine = Counting()
    mouth = Mouth([PromptFiles(str(tmp_path)), machine])
    assert round(seconds_of(await mouth.speak(sentence, "en")), 2) == 1.0
    await mouth.speak("Something else.", "en")
    assert machine.asked == 1


async def test_a_broken_prompt_or_a_failing_voice_gives_way_to_the_next(tmp_path: Path) -> None:
    file = tmp_path / "en" / f"{prompt_name('Hello.')}.wav"
    file.parent.mkdir()
    file.write_bytes(b"no wave at all")
    last = Counting()
    mouth = Mouth([PromptFiles(str(tmp_path)), Counting(fails=True), Counting(answers=None), last])
    assert await mouth.speak("Hello.", "en") == last.answers


async def test_what_was_said_before_is_not_made_again() -> None:
    speaker = Counting()
    mouth = Mouth([speaker])
    for _ in range(3):
        await mouth.speak("The same.", "ko")
    await mouth.speak("The same.", "en")
    assert speaker.asked == 2


async def test_piper_speaks_with_the_operators_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program is played by a script that takes the same arguments and writes raw audio."""
    (tmp_path / "ko.onnx").write_bytes(b"")
    (tmp_path / "ko.onnx.json").write_text(json.dumps({"audio": {"sample_rate": 16_000}}))
    program = tmp_path / "piper"
    program.write_text(
        "#!/bin/sh\n"
        '[ "$1 $3" = "--model --output-raw" ] && [ -f "$2" ] || exit 2\n'
        "read said\n"
        "head -c 32000 /dev/zero\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    audio = await Piper(str(tmp_path)).speak("안녕하세요.", "ko")
    assert audio is not None
    assert seconds_of(audio) == 1.0
    assert await Piper(str(tmp_path)).speak("Hello.", "en") is None


@pytest.mark.parametrize("bad", [b"", b"RIFF", write_wave(TONE)[:20]])
def test_what_is_no_wave_is_refused(bad: bytes) -> None:
    with pytest.raises(UnreadableWave):
        read_wave(bad)


def test_a_text_is_cut_into_sentences_with_names() -> None:
    assert sentences_of("하나입니다. 둘입니다!\nThree? Yes") == [
        "하나입니다.", "둘입니다!", "Three?", "Yes",
    ]  # fmt: skip
    assert prompt_name("one  two") == prompt_name(" one two ")
    assert prompt_name("one two") != prompt_name("one, two")
