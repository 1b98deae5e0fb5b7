"""Intents by logistic regression over weighted words, pairs of words and pieces of words.

Rasa's own component counts and does not weigh, and takes no C; on the suites that no training saw
weighing by rarity gained eight points in English (`benchmarks assistant`, NOTES.md).
"""

from typing import Any

import skops.io
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_union

WORD = r"\S+"
# What scikit-learn keeps its weights in, beside its own types.
TRUSTED = ["scipy.sparse._csr.csr_matrix"]


def pipeline(*, C: float, max_iter: int, tol: float) -> Pipeline:  # noqa: N803 - as sklearn calls it
    weighed = make_union(
        TfidfVectorizer(token_pattern=WORD, ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True),
    )
    judge = LogisticRegression(C=C, max_iter=max_iter, tol=tol)
    return Pipeline([("weighed", weighed), ("judge", judge)])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WordClassifier(LogisticRegressionClassifier):
    """Loads, saves and ranks as Rasa's own; reads our tokenizer's words."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    def __init__(self, config: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(config, *args, **kwargs)
        self.clf = pipeline(
            C=self.config.get("C", 30.0), max_iter=self.config["max_iter"], tol=self.config["tol"]
        )

    def _create_X(self, messages: list[Message]) -> list[str]:  # noqa: N802 - Rasa's name
        return [" ".join(token.text.lower() for token in _tokens(one)) for one in messages]

    def train(self, training_data: TrainingData) -> Resource:
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        self.clf.fit(self._create_X(examples), [one.get(INTENT) for one in examples])
        self.persist()
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
        """Nothing but the known types is read from the file; anything else is refused."""
        found = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            found.clf = skops.io.load(folder / f"{resource.name}.skops", trusted=TRUSTED)
        return found


def _tokens(message: Message) -> list[Any]:
    return message.get(TOKENS_NAMES[TEXT]) or []
