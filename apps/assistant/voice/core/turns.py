"""Whose turn it is. Events go in, actions come out; there is no clock, no sound, no line in here.

                 Reply                 all played                voice begins
    THINKING ───────────▶ SPEAKING ───────────────▶ LISTENING ──────────────▶ HEARING
        ▲                    │ voice or key: hush        │ key, silence          │ voice ends
        └────────────────────┴───────────────────────────┴───────────────────────┘

Keys and voice are equal: either interrupts a prompt, keys win over a voice that is heard at the
same time. Whatever was said is kept by whoever carries out the actions; what is decided here
is only which of it answers the question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

MOST_SILENCES = 3
MOST_UNCLEAR = 2
MOST_KEYS_AHEAD = 24
FLOOD = 64
BETWEEN_KEYS_S = 3.0


class Phase(Enum):
    THINKING = "thinking"
    SPEAKING = "speaking"
    LISTENING = "listening"
    HEARING = "hearing"
    LEAVING = "leaving"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Question:
    """What an answer may be. `keys` is how many digits at most (0: none are awaited)."""

    keys: int = 1
    voice: bool = True
    keeps_words: bool = False  # speech that no engine understands is an answer, too: a recording
    ahead: bool = True  # keys pressed before it is asked may answer it
    interruptible: bool = True
    silence_s: float = 7.0
    ends: bool = False


# ---------------------------------------------------------------- what happens


@dataclass(frozen=True, slots=True)
class Answered:
    """The line is up."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The dialogue's next words are ready; `mark` comes back when they have been played."""

    mark: str
    question: Question


@dataclass(frozen=True, slots=True)
class VoiceBegan:
    pass


@dataclass(frozen=True, slots=True)
class VoiceEnded:
    utterance: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What the engines made of an utterance; None where none is sure of it."""

    utterance: int
    text: str | None


@dataclass(frozen=True, slots=True)
class KeyPressed:
    digit: str


@dataclass(frozen=True, slots=True)
class MarkPlayed:
    mark: str


@dataclass(frozen=True, slots=True)
class Elapsed:
    timer: int


@dataclass(frozen=True, slots=True)
class Gone:
    """The other side has hung up, or the line is broken."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """The call has lasted longer than any should."""


Event = (
    Answered | Reply | VoiceBegan | VoiceEnded | Judged | KeyPressed | MarkPlayed | Elapsed
    | Overdue | Gone
)  # fmt: skip

# ---------------------------------------------------------------- what to do


@dataclass(frozen=True, slots=True)
class Begin:
    """Ask the dialogue for its first words."""


@dataclass(frozen=True, slots=True)
class Speak:
    mark: str


@dataclass(frozen=True, slots=True)
class Hush:
    """Stop what is being said."""


@dataclass(frozen=True, slots=True)
class Wait:
    timer: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Judge:
    utterance: int


@dataclass(frozen=True, slots=True)
class CutVoice:
    """The caller says by a key that they have ended: don't wait for quiet."""


@dataclass(frozen=True, slots=True)
class AnswerKeys:
    digits: str


@dataclass(frozen=True, slots=True)
class AnswerWords:
    utterance: int
    text: str


@dataclass(frozen=True, slots=True)
class AnswerRecording:
    """Words that no engine is sure of, as they were said."""

    utterance: int


@dataclass(frozen=True, slots=True)
class AnswerSilence:
    pass


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Nothing usable was heard: the same question once more; `keys_only` after the second time."""

    utterance: int
    keys_only: bool


@dataclass(frozen=True, slots=True)
class SayAgain:
    """The caller asked to hear it once more."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Say goodbye for this reason, then hang up."""

    reason: str


@dataclass(frozen=True, slots=True)
class HangUp:
    reason: str


Action = (
    Begin | Speak | Hush | Wait | Judge | CutVoice | AnswerKeys | AnswerWords | AnswerRecording
    | AnswerSilence | AskAgain | SayAgain | Leave | HangUp
)  # fmt: skip
Actions = Sequence[Action]


@dataclass
class Turns:
    """One call's turn-taking. `on` is the whole of it."""

    phase: Phase = Phase.THINKING
    question: Question = field(default_factory=lambda: Question(keys=0, voice=False))
    mark: str = ""
    keys: str = ""
    timer: int = 0
    _ahead: str = ""
    _silences: int = 0
    _unclear: int = 0
    _keys_since: int = 0  # keys since the last answer

    def on(self, event: Event) -> Actions:
        if self.phase is Phase.OVER:
            return []
        match event:
            case Gone():
                self.phase = Phase.OVER
                return []
            case Answered():
                return [Begin()]
            case Overdue() if self.phase is not Phase.LEAVING:
                return self._leave("too long")
            case Reply():
                return self._reply(event)
            case KeyPressed(digit):
                return self._key(digit)
            case VoiceBegan():
                return self._voice_began()
            case VoiceEnded(utterance) if self.phase is Phase.HEARING:
                self.phase = Phase.THINKING
                return [Judge(utterance)]
            case Judged(utterance, text) if self.phase is Phase.THINKING:
                return self._judged(utterance, text)
            case MarkPlayed(mark) if mark == self.mark:
                return self._played()
            case Elapsed(timer) if timer == self.timer and self.phase is Phase.LISTENING:
                return self._elapsed()
        return []

    # ------------------------------------------------------------ we speak

    def _reply(self, reply: Reply) -> Actions:
        if self.phase not in (Phase.THINKING, Phase.LEAVING):
            return []
        self.question, self.mark, self.keys = reply.question, reply.mark, ""
        ahead, self._ahead = self._ahead, ""
        if self.phase is Phase.LEAVING:
            return [Speak(reply.mark)]
        if self._unclear > MOST_UNCLEAR:
            self.question = replace(self.question, voice=False)
        self.phase = Phase.SPEAKING
        if ahead and self.question.ahead and self.question.keys and self.question.interruptible:
            return self._typed_ahead(ahead)
        return [Speak(reply.mark)]

    def _typed_ahead(self, ahead: str) -> Actions:
        """Who knows the menu doesn't have to hear it, nor what is still being said."""
        actions: list[Action] = [Hush()]
        for at, digit in enumerate(ahead):
            actions += self._collect(digit)
            if self.phase is not Phase.LISTENING:
                self._ahead = ahead[at + 1 :]
                return actions
        return actions

    def _played(self) -> Actions:
        if self.phase is Phase.LEAVING or (self.phase is Phase.SPEAKING and self.question.ends):
            self.phase = Phase.OVER
            return [HangUp("said goodbye")]
        if self.phase is not Phase.SPEAKING:
            return []
        self.phase = Phase.LISTENING
        return [self._wait(self.question.silence_s)]

    def _wait(self, seconds: float) -> Wait:
        self.timer += 1
        return Wait(self.timer, seconds)

    # ------------------------------------------------------------ the caller speaks

    def _voice_began(self) -> Actions:
        if not self.question.voice or self.keys:
            return []
        if self.phase is Phase.SPEAKING and self.question.interruptible and not self.question.ends:
            self.phase = Phase.HEARING
            return [Hush()]
        if self.phase is Phase.LISTENING:
            self.phase = Phase.HEARING
        return []

    def _judged(self, utterance: int, text: str | None) -> Actions:
        if text is not None:
            return self._answer(AnswerWords(utterance, text))
        if self.question.keeps_words:
            return self._answer(AnswerRecording(utterance))
        self._unclear += 1
        return [AskAgain(utterance, keys_only=self._unclear > MOST_UNCLEAR)]

    def _elapsed(self) -> Actions:
        if self.keys:
            return self._answer(AnswerKeys(self.keys))
        self._silences += 1
        if self._silences >= MOST_SILENCES:
            return self._leave("silence")
        self.phase = Phase.THINKING
        return [AnswerSilence()]

    def _leave(self, reason: str) -> Actions:
        self.phase = Phase.LEAVING
        self.mark = ""
        return [Hush(), Leave(reason)]

    def _answer(self, answer: Action) -> Actions:
        self.phase = Phase.THINKING
        self.keys = ""
        self._silences = self._unclear = self._keys_since = 0
        return [answer]

    # ------------------------------------------------------------ the caller presses keys

    def _key(self, digit: str) -> Actions:
        self._keys_since += 1
        if self._keys_since > FLOOD and self.phase is not Phase.LEAVING:
            return self._leave("flood")
        match self.phase:
            case Phase.THINKING:
                self._ahead = (self._ahead + digit)[:MOST_KEYS_AHEAD]
                return []
            case Phase.SPEAKING if not self.question.interruptible or self.question.ends:
                return []
            case Phase.SPEAKING:
                return [Hush(), *self._collect(digit)]
            case Phase.HEARING if digit == "#" and not self.keys:
                return [CutVoice()]
            case Phase.LISTENING | Phase.HEARING:
                return self._collect(digit)
        return []

    def _collect(self, digit: str) -> Actions:
        """`#` ends a number, or alone asks to hear it again; `*` takes a number back, or alone is
        an answer (one step back)."""
        self.phase = Phase.LISTENING
        if digit == "#":
            return self._answer(AnswerKeys(self.keys)) if self.keys else self._again()
        if digit == "*" and self.keys:
            self.keys = ""
            return [self._wait(self.question.silence_s)]
        if digit == "*" or self.question.keys <= 1:
            return self._answer(AnswerKeys(digit))
        self.keys += digit
        if len(self.keys) >= self.question.keys:
            return self._answer(AnswerKeys(self.keys))
        return [self._wait(BETWEEN_KEYS_S)]

    def _again(self) -> Actions:
        self.phase = Phase.THINKING
        return [SayAgain()]
