"""What a message opens where nothing is open that it could answer.

"A street light, at the station" sounds like an answer. Without a question it can't be one: what is
left is weighed anew.
"""

from collections.abc import Callable
from dataclasses import replace

from apps.assistant.core.intents import INFORM, OUT_OF_SCOPE, UNSURE
from apps.assistant.core.messages import Understood

SURE = 0.4


def as_opening(understood: Understood, opens: Callable[[str], bool]) -> Understood:
    """The message as the likeliest of the intents that open something, if it is likely enough."""
    if understood.intent:
        return understood
    ranked = dict(understood.ranking)
    left = 1.0 - ranked.get(INFORM, 0.0)
    weighed = {name: p for name, p in ranked.items() if name not in (INFORM, UNSURE)}
    best = max(weighed, key=lambda name: weighed[name], default=OUT_OF_SCOPE)
    if best == OUT_OF_SCOPE or not opens(best) or weighed[best] < SURE * left:
        return understood
    return replace(understood, intent=best, confidence=weighed[best] / left)
