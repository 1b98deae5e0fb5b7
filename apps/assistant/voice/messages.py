"""A message read out on the telephone: heard, heard again, confirmed by a key."""

from django.utils import translation
from django.utils.translation import gettext as _

from apps.assistant.core.messages import Expect
from apps.assistant.models import Call, OutboundCall
from apps.assistant.speech.core.listening import Want, Wanted
from apps.assistant.speech.core.prompts import sentences_of
from apps.assistant.voice.core.turns import Question
from apps.assistant.voice.dialogue import Dialogue, Said
from apps.base.problems import Problem
from apps.notify.services.receipts import note_by_token

UNDERSTOOD, AGAIN = "1", "2"


def message_of(call: Call) -> OutboundCall | None:
    return OutboundCall.objects.filter(call=call).first()


class MessageDialogue(Dialogue):
    """The same turns as any call, but we begin, and the conversation is not asked."""

    def __init__(self, call: Call, message: OutboundCall) -> None:
        super().__init__(call)
        self.message = message
        self.language = message.language
        self._times = 0

    def greeting(self) -> str:
        """The message itself says whose it is."""
        return ""

    def begin(self) -> Said:
        self._note(OutboundCall.State.HEARD, "received")
        return self._read_out()

    def _read_out(self) -> Said:
        self._times += 1
        self.last = Said(
            sentences=tuple(sentences_of(self.message.speech)),
            language=self.language,
            question=Question(voice=self.language == "en", silence_s=5.0),
            wanted=Wanted(self.language, Want.YES_NO, digits=1),
            asked=Expect.YES_NO.value,
        )
        return self.last

    def answer_keys(self, digits: str) -> Said:
        with translation.override(self.language):
            if digits == AGAIN:
                return self._read_out()
            if digits != UNDERSTOOD:
                return self._ask_for_key()
            self._note(OutboundCall.State.CONFIRMED, "acknowledged")
            return self._goodbye(_("Thank you. Goodbye."))

    def answer_words(self, text: str) -> Said:
        return self.answer_keys({"yes": UNDERSTOOD, "repeat": AGAIN}.get(text, text))

    def answer_recording(self, turn: int) -> Said:
        return self.ask_again(keys_only=True)

    def answer_silence(self) -> Said:
        """Read once more, as often as was asked for; then it counts as shown, not as understood."""
        if self._times < self.message.repeat:
            return self._read_out()
        self._note(OutboundCall.State.HEARD, "shown")
        with translation.override(self.language):
            return self._goodbye(_("Goodbye."))

    def ask_again(self, *, keys_only: bool) -> Said:
        with translation.override(self.language):
            return self._ask_for_key()

    def _ask_for_key(self) -> Said:
        said = self._read_out()
        line = _("Press 1 if you have understood, 2 to hear it again.")
        self.last = Said(
            sentences=(line,),
            language=said.language,
            question=said.question,
            wanted=said.wanted,
            asked=said.asked,
        )
        return self.last

    def _note(self, state: str, stage: str) -> None:
        OutboundCall.objects.filter(pk=self.message.pk).update(state=state)
        if not self.message.reference:
            return
        try:
            note_by_token(token=self.message.reference, stage=stage)
        except Problem:  # the message was withdrawn meanwhile; the call goes on
            return
