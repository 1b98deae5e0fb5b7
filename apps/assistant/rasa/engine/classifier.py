"""Rasa's shell around the judges, one for each script, and the bars below which nothing is taken.

An intent that is not sure enough goes on as `nlu_fallback`; its ranking says what it may have been,
so that we can ask back.
"""

import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from apps.assistant.core.intents import UNSURE
from apps.assistant.rasa.engine.e5 import e5, e5_file
from apps.assistant.rasa.engine.judge import Judge, Ranking, Taste
from apps.assistant.rasa.engine.minilm import minilm
from apps.assistant.rasa.engine.sentences import Sentences
from apps.assistant.rasa.engine.tokenizer import script_of

SENTENCES = "SENTENCE_MODEL"  # MiniLM's folder, in the engine's environment
RANKED = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WordClassifier(GraphComponent, IntentClassifier):
    """`scripts` of the configuration names the features and the bar of each script."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"scripts": {}}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._scripts = config["scripts"]
        self._storage, self._resource = model_storage, resource
        self._judges: dict[str, Judge] = {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "WordClassifier":
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        said: dict[str, list[tuple[str, str]]] = {}
        for one in training_data.intent_examples:
            text = one.get(TEXT)
            if text:
                said.setdefault(script_of(text), []).append((text, one.get(INTENT)))
        for script, pairs in said.items():
            texts, intents = zip(*pairs, strict=True)
            taste, encoder = self._taste(script), self._encoder(script)
            self._judges[script] = Judge.learnt(texts, intents, taste, encoder)
        with self._storage.write_to(self._resource) as folder:
            for script, judge in self._judges.items():
                judge.save(folder, script)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_kwargs: Any,
    ) -> "WordClassifier":
        found = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            for script in (path.stem for path in folder.glob("*.json")):
                taste, encoder = found._taste(script), found._encoder(script)
                found._judges[script] = Judge.load(folder, script, taste, encoder)
        return found

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message.get(TEXT) or "")
            ranked = [_named(name, chance) for name, chance in ranking[:RANKED]]
            message.set(INTENT, ranked[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranked, add_to_output=True)
        return messages

    def _ranking(self, text: str) -> Ranking:
        script = script_of(text)
        if script not in self._judges:
            return [(UNSURE, 1.0)]
        ranking = self._judges[script].rankings([text])[0]
        _best, chance = ranking[0]
        return ranking if chance >= self._scripts[script]["bar"] else [(UNSURE, chance), *ranking]

    def _taste(self, script: str) -> Taste:
        said = self._scripts[script]
        return Taste(tuple(said["features"]), float(said.get("C", 30)))

    def _encoder(self, script: str) -> Sentences | None:
        name = self._scripts[script].get("encoder")
        return ENCODERS[name]() if name else None


def _named(name: str, chance: float) -> dict[str, Any]:
    return {"name": name, "confidence": chance}


def _minilm() -> Sentences | None:
    folder = os.environ.get(SENTENCES)
    return minilm(Path(folder)) if folder else None


def _e5() -> Sentences | None:
    file = e5_file()
    return e5(file) if file else None


# None where its files are not installed: then words alone must do.
ENCODERS = {"minilm": _minilm, "e5": _e5}
