"""Trains the model, once for everything it is made from: the file's name is a hash of it all."""

import hashlib
import json
import os
import resource
import shutil
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from apps.assistant.core.slots import Skill
from apps.assistant.rasa.training.domain import domain_of, rules_of
from apps.assistant.rasa.training.examples import FOLDER, Examples, read_examples
from apps.assistant.skills.registry import skills
from apps.complaints.services.sentences import sentence_folder

RASA = Path(__file__).resolve().parent.parent
CONFIGS = {"default": RASA / "config.yml", "diet": RASA / "config-diet.yml"}
STORIES = RASA / "stories.yml"
WORDS = RASA.parent / "core" / "words.py"
KEPT_MODELS = 3
EXAMPLES_WANTED = 40
TRAINS_WITHIN_S = 1200


class TrainingFailed(Exception):
    """Rasa did not train; the message ends with what it said."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a training. Memory is the most the trainer used; `fresh`: trained just now."""

    model: str
    config: str
    fresh: bool
    seconds: float
    size_bytes: int
    memory_mib: int
    intents: int
    examples: dict[str, int]
    entities: list[str]
    poor: dict[str, list[str]]


def engine_python() -> Path:
    return settings.BASE_DIR / ".venv-rasa" / "bin" / "python"


def models_folder() -> Path:
    return Path(settings.BASE_DIR) / ".run" / "rasa" / "models"


def model_path(config: str = "default", folder: Path = FOLDER) -> Path:
    """Where the model lies that belongs to the present examples, skills and settings."""
    return models_folder() / f"{config}-{_fingerprint(config, folder)}.tar.gz"


def train(*, config: str = "default", force: bool = False, folder: Path = FOLDER) -> Report:
    """Train unless it is trained already. Raises TrainingFailed."""
    path = model_path(config, folder)
    kept = path.with_suffix("").with_suffix(".json")
    if path.exists() and kept.exists() and not force:
        return Report(**{**json.loads(kept.read_text()), "fresh": False})
    examples = read_examples(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    seconds, memory_mib = _trained(config, examples, path)
    report = _report(config, examples, path, seconds, memory_mib)
    kept.write_text(json.dumps(asdict(report), ensure_ascii=False))
    _forget_old(config)
    return report


def _fingerprint(config: str, folder: Path) -> str:
    digest = hashlib.sha256()
    examples = read_examples(folder)
    lock = settings.BASE_DIR / "requirements" / "rasa.lock"
    engine = sorted((RASA / "engine").glob("*.py"))
    for path in (CONFIGS[config], STORIES, WORDS, lock, *engine, *examples.files):
        digest.update(f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes())
    for written in (*_made(examples), json.dumps(examples.made), str(bool(sentence_folder()))):
        digest.update(written.encode())
    return digest.hexdigest()[:16]


def _made(examples: Examples) -> tuple[str, str]:
    """The domain and the rules, as they are written for Rasa."""
    known: list[Skill] = [skill for _name, skill in skills.items()]
    domain = domain_of(known, examples.intents, examples.entities)
    rules = rules_of(known, examples.intents)
    return _written(domain), _written(rules)


def _written(value: dict[str, Any]) -> str:
    """YAML with one plain key a line, by which Rasa tells rules from other files, and JSON behind
    it, which YAML takes as it is."""
    lines = (
        f"{key}: {json.dumps(part, ensure_ascii=False, sort_keys=True)}\n"
        for key, part in sorted(value.items())
    )
    return "".join(lines)


def _as_rasa_reads(made: dict[str, list[str]]) -> list[dict[str, str]]:
    return [
        {"intent": intent, "examples": "".join(f"- {line}\n" for line in lines)}
        for intent, lines in made.items()
        if lines
    ]


def _trained(config: str, examples: Examples, path: Path) -> tuple[float, int]:
    """Seconds, and MiB at most. The model appears whole or not at all."""
    with TemporaryDirectory(prefix="citizen-rasa-") as name:
        place = Path(name)
        domain, rules = _made(examples)
        (place / "domain.yml").write_text(domain)
        data = place / "data"
        for file in examples.files:
            (data / file.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(file, data / file.parent.name / file.name)
        for language, made in examples.made.items():
            (data / f"{language}.yml").write_text(_written({"nlu": _as_rasa_reads(made)}))
        (data / "rules.yml").write_text(rules)
        shutil.copy(STORIES, data / "stories.yml")
        started = time.monotonic()
        _call(
            "train", "--config", CONFIGS[config], "--domain", place / "domain.yml",
            "--data", data, "--out", place / "out", "--fixed-model-name", "model",
        )  # fmt: skip
        seconds = time.monotonic() - started
        shutil.move(place / "out" / "model.tar.gz", path)
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def _call(*arguments: str | Path) -> None:
    python = engine_python()
    if not python.exists():
        raise TrainingFailed("Rasa is not installed; run: scripts/bootstrap rasa")
    done = subprocess.run(  # noqa: S603 - our own program
        [python, "-m", "rasa", *arguments],
        cwd=settings.BASE_DIR, env=engine_environment(), check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TRAINS_WITHIN_S,
    )  # fmt: skip
    if done.returncode:
        raise TrainingFailed(done.stdout[-4000:])


def engine_environment() -> dict[str, str]:
    """What Rasa is told of its surroundings: no key of ours is among it."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ
    }
    sentences = sentence_folder()
    if sentences is not None:
        kept["SENTENCE_MODEL"] = str(sentences)
    return {
        **kept,
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
        "RASA_CACHE_DIRECTORY": str(models_folder().parent / "cache"),
        "RASA_MAX_CACHE_SIZE": "0",  # it knows the components by their own lines alone
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",
    }


def _report(config: str, examples: Examples, path: Path, seconds: float, memory_mib: int) -> Report:
    enough = EXAMPLES_WANTED
    poor = {
        language: sorted(intent for intent in examples.intents if counts.get(intent, 0) < enough)
        for language, counts in examples.counts.items()
    }
    return Report(
        model=path.name,
        config=config,
        fresh=True,
        seconds=round(seconds, 1),
        size_bytes=path.stat().st_size,
        memory_mib=memory_mib,
        intents=len(examples.intents),
        examples={language: sum(counts.values()) for language, counts in examples.counts.items()},
        entities=sorted(examples.entities),
        poor={language: intents for language, intents in poor.items() if intents},
    )


def _forget_old(config: str) -> None:
    models = sorted(
        models_folder().glob(f"{config}-*.tar.gz"), key=lambda p: p.stat().st_mtime, reverse=True
    )
    for path in models[KEPT_MODELS:]:
        path.unlink(missing_ok=True)
        path.with_suffix("").with_suffix(".json").unlink(missing_ok=True)
