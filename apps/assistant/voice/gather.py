"""Calls by webhooks: the provider listens and speaks, we get words or keys and answer with TwiML.

Between two requests the call's row holds what was asked.
"""

from collections.abc import Mapping
from itertools import groupby

from django.urls import reverse

from apps.assistant.models import Call, CallTurn
from apps.assistant.speech.core.listening import Heard, Want
from apps.assistant.speech.core.matching import matched
from apps.assistant.speech.core.sayable import sayable
from apps.assistant.voice import records, twiml
from apps.assistant.voice.dialogue import Dialogue, Said

SURE = 0.6
OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
MOST_SILENCES = 3


def begin(call: Call) -> str:
    call = records.answer_call(code=str(call.code))
    records.note_consent(call=call, consent=Call.Consent.INFORMED)
    dialogue = Dialogue(call)
    greeting = dialogue.greeting()
    return _asked(call, dialogue, dialogue.begin(), greeting)


def go_on(call: Call, form: Mapping[str, str]) -> str:
    """1. What was heard. 2. The dialogue's answer. 3. The next Gather, or goodbye."""
    dialogue = Dialogue(call)
    dialogue.take_up(call.waiting)
    said = _answered(call, dialogue, form)
    return _asked(call, dialogue, said)


def _answered(call: Call, dialogue: Dialogue, form: Mapping[str, str]) -> Said:
    digits = "".join(char for char in form.get("Digits", "") if char in "0123456789*#")[:40]
    if digits:
        _note(call, CallTurn.Kind.KEYS, dialogue, digits=digits)
        return dialogue.answer_keys(digits.rstrip("#") or "#")
    words = form.get("SpeechResult", "").strip()[:1000]
    if words:
        return _by_words(call, dialogue, words, _confidence(form))
    call.waiting["silences"] = call.waiting.get("silences", 0) + 1
    if call.waiting["silences"] >= MOST_SILENCES:
        records.end_call(call=call, because="silence")
        return dialogue.farewell("silence")
    return dialogue.answer_silence()


def _by_words(call: Call, dialogue: Dialogue, words: str, confidence: float) -> Said:
    call.waiting["silences"] = 0
    wanted = dialogue.wanted()
    heard = matched(Heard(words, confidence, "provider", confidence >= SURE), wanted)
    turn = _note(call, CallTurn.Kind.VOICE, dialogue)
    records.note_words(turn=turn, heard=heard)
    # Free words are the answer however unsure the provider is; the turn says that they are a draft.
    if heard.sure or wanted.want is Want.FREE:
        return dialogue.answer_words(heard.text)
    return dialogue.ask_again(keys_only=False)


def _confidence(form: Mapping[str, str]) -> float:
    try:
        return min(1.0, max(0.0, float(form.get("Confidence", "0"))))
    except ValueError:
        return 0.0


def _note(call: Call, kind: str, dialogue: Dialogue, digits: str = "") -> CallTurn:
    number = call.turns.count() + 1
    asked = dialogue.asked.expects.value
    return records.begin_turn(call=call, number=number, kind=kind, asked=asked, digits=digits)


def _asked(call: Call, dialogue: Dialogue, said: Said, greeting: str = "") -> str:
    words = _aloud(said, greeting)
    if said.question.ends:
        records.end_call(call=call, because="said goodbye")
        return twiml.response(words, twiml.hang_up())
    silences = call.waiting.get("silences", 0)
    call.waiting = {**dialogue.put_down(), "silences": silences}
    call.save(update_fields=["waiting"])
    action = reverse("voice-gathered", args=[call.code])
    hints = ", ".join(said.wanted.words[:40])
    digits = max(1, said.question.keys)
    return twiml.response(
        twiml.gather(words, action=action, language=said.language, digits=digits, hints=hints)
    )


def _aloud(said: Said, greeting: str) -> str:
    """One language after the other, as few verbs as will do."""
    sentences = [greeting, *said.sentences] if greeting else said.sentences
    parts = groupby(sentences, key=said.tongue)
    return "".join(twiml.say(sayable(" ".join(some), tongue), tongue) for tongue, some in parts)


def note_end(call: Call, status: str) -> None:
    records.end_call(call=call, because=status)
