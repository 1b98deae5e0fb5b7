"""Whisper and wav2vec2 from the operator's folder: tiny models, untrained, by the real way."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.assistant.speech.core.listening import Wanted
from apps.assistant.speech.core.pieces import cut_where_quiet
from apps.assistant.speech.kinds import transformers_models
from apps.assistant.speech.kinds.transformers_models import TransformersRecogniser, problem_with
from apps.assistant.speech.listening import Ear
from apps.assistant.speech.registry import recognisers
from apps.assistant.voice.server import make_engines

ENGINES = "tests.assistant.speech.engines"


@pytest.fixture(scope="module")
def wav2vec2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as `save_pretrained` leaves it, tiny and untrained: what it writes is noise."""
    transformers: Any = pytest.importorskip("transformers")
    folder: Path = tmp_path_factory.mktemp("models") / "ko"
    folder.mkdir()
    letters = {"<pad>": 0, "<unk>": 1, "|": 2, **{c: 3 + i for i, c in enumerate("가나다라마")}}
    (folder / "vocab.json").write_text(json.dumps(letters))
    tokenizer = transformers.Wav2Vec2CTCTokenizer(
        str(folder / "vocab.json"), pad_token="<pad>", unk_token="<unk>"
    )
    extractor = transformers.Wav2Vec2FeatureExtractor(
        feature_size=1, sampling_rate=16_000, padding_value=0.0, do_normalize=True
    )
    transformers.Wav2Vec2Processor(extractor, tokenizer).save_pretrained(folder)
    config = transformers.Wav2Vec2Config(
        vocab_size=len(letters), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, conv_dim=(8, 8), conv_stride=(5, 4), conv_kernel=(10, 8),
        num_conv_pos_embeddings=8, num_conv_pos_embedding_groups=2, pad_token_id=0,
    )  # fmt: skip
    transformers.Wav2Vec2ForCTC(config).save_pretrained(folder)
    return folder.parent


def noise() -> bytes:
    drawn = np.random.default_rng(7).normal(0, 3_000, 8_000)
    return bytes(drawn.astype("<i2").tobytes())


def test_a_wav2vec2_model_of_the_operator_is_read_from_its_folder(wav2vec2: Path) -> None:
    heard = TransformersRecogniser(str(wav2vec2)).hear(noise(), Wanted("ko"))
    assert heard is not None
    assert heard.engine == "wav2vec2"
    assert 0 <= heard.confidence <= 1
    assert TransformersRecogniser(str(wav2vec2)).hear(noise(), Wanted("en")) is None


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny, untrained, of many languages: its words are noise, its way is the real one."""
    transformers: Any = pytest.importorskip("transformers")
    folder: Path = tmp_path_factory.mktemp("whisper") / "any"
    folder.mkdir()
    letters = [chr(at) for at in range(256, 300)] + [chr(at) for at in range(33, 127)]
    special = [
        "<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|ko|>", "<|translate|>",
        "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>",
    ]  # fmt: skip
    vocabulary = {word: at for at, word in enumerate(letters)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = transformers.WhisperTokenizer(
        str(folder / "vocab.json"), str(folder / "merges.txt"), unk_token="<|endoftext|>"
    )
    tokenizer.add_tokens(special, special_tokens=True)
    number = {word: tokenizer.convert_tokens_to_ids(word) for word in special}
    extractor = transformers.WhisperFeatureExtractor(feature_size=16)
    transformers.WhisperProcessor(extractor, tokenizer).save_pretrained(folder)
    start, end = number["<|startoftranscript|>"], number["<|endoftext|>"]
    config = transformers.WhisperConfig(
        vocab_size=len(tokenizer), d_model=16, encoder_layers=1, decoder_layers=1,
        encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=16,
        decoder_ffn_dim=16, num_mel_bins=16, decoder_start_token_id=start, pad_token_id=end,
        bos_token_id=end, eos_token_id=end, suppress_tokens=[], begin_suppress_tokens=[],
    )  # fmt: skip
    model = transformers.WhisperForConditionalGeneration(config)
    model.generation_config.update(
        is_multilingual=True,
        lang_to_id={"<|en|>": number["<|en|>"], "<|ko|>": number["<|ko|>"]},
        task_to_id={
            "transcribe": number["<|transcribe|>"], "translate": number["<|translate|>"],
        },
        no_timestamps_token_id=number["<|notimestamps|>"],
        decoder_start_token_id=start, eos_token_id=end, pad_token_id=end, max_length=448,
    )  # fmt: skip
    model.save_pretrained(folder)
    return folder.parent


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_whisper_model_of_many_languages_hears_each(whisper: Path, language: str) -> None:
    heard = TransformersRecogniser(str(whisper)).hear(noise(), Wanted(language))
    assert heard is not None
    assert heard.engine == "whisper"
    assert 0 < heard.confidence < 0.5, "what an untrained model writes is not believed"
    assert not heard.sure


def test_a_long_report_is_heard_in_pieces(wav2vec2: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(transformers_models, "LONGEST_S", 0.6)
    monkeypatch.setattr(transformers_models, "CUT_WITHIN_S", 0.3)
    whole = TransformersRecogniser(str(wav2vec2)).hear(noise() + noise(), Wanted("ko"))
    assert whole is not None
    assert 0 < whole.confidence < 1
    assert whole.text


@given(
    st.lists(st.integers(-3, 3), max_size=300),
    st.integers(20, 50),
    st.integers(5, 10),
)
def test_pieces_are_short_and_lose_nothing(levels: list[int], longest: int, within: int) -> None:
    sound = np.array(levels, dtype=np.float32)
    pieces = cut_where_quiet(sound, 10, longest_s=longest / 10, within_s=within / 10)
    assert all(len(piece) <= longest for piece in pieces)
    assert np.concatenate(pieces).tolist() == levels


def test_it_cuts_in_the_quiet() -> None:
    loud, quiet = np.ones(100, dtype=np.float32), np.zeros(20, dtype=np.float32)
    sound = np.concatenate([loud, quiet, loud])
    first, second = cut_where_quiet(sound, 100, longest_s=1.5, within_s=1.0)
    assert 100 <= len(first) <= 120
    assert len(second) == 220 - len(first)


def test_models_that_are_not_there_are_told_of(wav2vec2: Path, tmp_path: Path) -> None:
    assert problem_with(str(wav2vec2)) == ""
    assert "no directory" in problem_with(str(tmp_path / "nowhere"))
    assert "holds no model" in problem_with(str(tmp_path))


def test_a_telephone_without_its_models_is_better_than_none(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ASR_MODELS = str(tmp_path / "nowhere")
    ear = make_engines().ear
    assert [path for path, _models in ear.engines] == [recognisers.path_of("pocketsphinx")]
    assert ear.languages == frozenset({"en"})
    assert "left out" in caplog.text


async def test_a_broken_model_costs_its_answer_not_the_call(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "config.json").write_text("{")
    kind = "apps.assistant.speech.kinds.transformers_models.make"
    ear = Ear([(kind, str(tmp_path)), (f"{ENGINES}.echo", "")])
    try:
        await ear.warm_up("en")
        assert (await ear.hear(b"1234", Wanted("en"))).text == "4 bytes"
    finally:
        ear.close()


def test_a_model_of_another_family_is_named(tmp_path: Path) -> None:
    transformers: Any = pytest.importorskip("transformers")
    transformers.BertConfig().save_pretrained(tmp_path / "en")
    with pytest.raises(ValueError, match="bert"):
        TransformersRecogniser(str(tmp_path)).hear(noise(), Wanted("en"))
