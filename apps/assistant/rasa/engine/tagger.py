"""Places, times, numbers in a text, by a conditional random field (Lafferty et al. 2001).

Rasa's own keeps its training sentences and trains again whenever it is loaded; this one keeps
CRFsuite's model, and is there at once.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pycrfsuite
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    INTENT,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from apps.assistant.core.intents import OUT_OF_SCOPE
from apps.assistant.core.words import Word, words
from apps.assistant.rasa.engine.marks import marks
from apps.assistant.rasa.engine.morphemes import morphemes
from apps.assistant.rasa.engine.segments import kinds, segments
from apps.assistant.rasa.engine.tokenizer import script_of

OUTSIDE = "O"
KNOWLEDGE = "ask_knowledge"
PLACE = ("B-place", "I-place")
LIKELY = 0.4  # a name that is missed costs a question; one too many, nothing where none is such
Json = dict[str, Any]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PlaceTagger(GraphComponent, EntityExtractorMixin):
    """One field for each script."""

    @staticmethod
    def get_default_config() -> Json:
        return {"c1": 0.02, "c2": 0.05, "max_iterations": 60, "feature.minfreq": 2}

    def __init__(self, config: Json, model_storage: ModelStorage, resource: Resource) -> None:
        self._settings = {name: config[name] for name in self.get_default_config()}
        self._storage, self._resource = model_storage, resource
        self._taggers: dict[str, _Field] = {}

    @classmethod
    def create(
        cls,
        config: Json,
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PlaceTagger":
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        examples: dict[str, list[Message]] = {}
        for one in training_data.nlu_examples:
            if one.get(TEXT) and _is_marked(one):
                examples.setdefault(script_of(one.get(TEXT)), []).append(one)
        with self._storage.write_to(self._resource) as folder:
            for script, some in examples.items():
                self._learn(some, folder / f"{script}.crfsuite")
        return self._resource

    def _learn(self, examples: Iterable[Message], path: Path) -> None:
        trainer = pycrfsuite.Trainer(verbose=False)
        trainer.set_params({**self._settings, "feature.possible_transitions": True})
        for one in examples:
            said, features = _read(one.get(TEXT))
            trainer.append(features, _labels(said, one.get(ENTITIES) or ()))
        trainer.train(str(path))
        self._taggers[path.stem] = _Field(path)

    @classmethod
    def load(
        cls,
        config: Json,
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_kwargs: Any,
    ) -> "PlaceTagger":
        found = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            found._taggers = {path.stem: _Field(path) for path in folder.glob("*.crfsuite")}
        if "hangul" in found._taggers:
            morphemes("가")  # Kiwi takes seconds to load: now, not with somebody's first message
        return found

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self.add_extractor_name(self._entities(message.get(TEXT) or ""))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def _entities(self, text: str) -> list[Json]:
        tagger = self._taggers.get(script_of(text))
        if tagger is None or not text.strip():
            return []
        said, features = _read(text)
        return _joined(said, tagger.tag(features), text)


class _Field:
    """CRFsuite reads from the model's bytes for as long as it lives, and does not hold them."""

    def __init__(self, path: Path) -> None:
        self._model = path.read_bytes()
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._model)
        self._known = frozenset(self._tagger.labels())

    def tag(self, features: Sequence[list[str]]) -> list[str]:
        """The likeliest labels; a word that may well be of a place is taken for one."""
        self._tagger.set(features)
        labels: list[str] = self._tagger.tag()
        for at in (at for at, label in enumerate(labels) if label == OUTSIDE):
            begins, goes_on = (self._chance(label, at) for label in PLACE)
            if begins + goes_on >= LIKELY:
                labels[at] = PLACE[goes_on > begins]
        return labels

    def _chance(self, label: str, at: int) -> float:
        return float(self._tagger.marginal(label, at)) if label in self._known else 0.0


def _is_marked(one: Message) -> bool:
    """Whether all its places are: those asked about, and those of what is not ours, are not."""
    return bool(one.get(ENTITIES)) or one.get(INTENT) not in (OUT_OF_SCOPE, KNOWLEDGE)


def _read(text: str) -> tuple[list[Word], list[list[str]]]:
    """A text's words with the features of each; Kiwi knows Korean alone."""
    if script_of(text) != "hangul":
        said = words(text)
        return said, marks(said, text)
    said = segments(text)
    pairs = zip(marks(said, text), kinds(said, text), strict=True)
    return said, [[*ours, *kiwis] for ours, kiwis in pairs]


def _labels(said: Sequence[Word], entities: Iterable[Json]) -> list[str]:
    """B-place, I-place …, O: a word counts where it lies wholly in what is marked."""
    labels = [OUTSIDE] * len(said)
    for one in entities:
        kind, start = one[ENTITY_ATTRIBUTE_TYPE], one[ENTITY_ATTRIBUTE_START]
        for at, word in enumerate(said):
            if start <= word.start and word.end <= one[ENTITY_ATTRIBUTE_END]:
                labels[at] = f"{'B' if word.start == start else 'I'}-{kind}"
    return labels


def _joined(said: Sequence[Word], labels: Sequence[str], text: str) -> list[Json]:
    """Words of one thing, as one entity; an I that begins a thing is taken for a B."""
    found: list[Json] = []
    before = OUTSIDE
    for word, label in zip(said, labels, strict=True):
        head, _dash, kind = label.partition("-")
        if kind and head == "I" and before.partition("-")[2] == kind:
            found[-1][ENTITY_ATTRIBUTE_END] = word.end
        elif kind:
            found.append(
                {
                    ENTITY_ATTRIBUTE_TYPE: kind,
                    ENTITY_ATTRIBUTE_START: word.start,
                    ENTITY_ATTRIBUTE_END: word.end,
                }
            )
        before = label
    for one in found:
        place = slice(one[ENTITY_ATTRIBUTE_START], one[ENTITY_ATTRIBUTE_END])
        one[ENTITY_ATTRIBUTE_VALUE] = text[place]
    return found
