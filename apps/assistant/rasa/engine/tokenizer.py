"""Our words as Rasa's tokens. Its own WhitespaceTokenizer takes Hangul for emoji and drops it."""

import re
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from apps.assistant.core.words import words

_HANGUL = re.compile(r"[\uac00-\ud7a3\u3131-\u318e]")


def script_of(text: str) -> str:
    """What is learnt of one script says nothing of another: each has models of its own."""
    return "hangul" if _HANGUL.search(text) else "latin"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ScriptTokenizer(Tokenizer):
    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ScriptTokenizer":
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text = message.get(attribute)
        found = [Token(word.text, word.start) for word in words(text)]
        tokens: list[Token] = self._apply_token_pattern(found or [Token(text, 0)])
        return tokens
