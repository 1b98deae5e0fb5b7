"""Turn-taking as a table a planner could check, and what must hold whatever happens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.assistant.voice.core.turns import (
    FLOOD,
    Answered,
    AnswerKeys,
    AnswerRecording,
    AnswerSilence,
    AnswerWords,
    AskAgain,
    Begin,
    CutVoice,
    Elapsed,
    Event,
    Gone,
    HangUp,
    Hush,
    Judge,
    Judged,
    KeyPressed,
    Leave,
    MarkPlayed,
    Overdue,
    Phase,
    Question,
    Reply,
    SayAgain,
    Speak,
    Turns,
    VoiceBegan,
    VoiceEnded,
    Wait,
)

MENU = Question()
NUMBER = Question(keys=13)
WORDS = Question(keys=1, keeps_words=True)
SURE = Question(ahead=False)
LAST = Question(ends=True)


def asked(question: Question) -> Turns:
    """A call whose question is being spoken."""
    turns = Turns()
    turns.on(Answered())
    turns.on(Reply("m1", question))
    return turns


def listening(question: Question) -> Turns:
    turns = asked(question)
    turns.on(MarkPlayed("m1"))
    return turns


@pytest.mark.parametrize(
    ("turns", "events", "last_actions"),
    [
        (Turns(), [Answered()], [Begin()]),
        (Turns(), [Reply("m1", MENU)], [Speak("m1")]),
        (asked(MENU), [MarkPlayed("m1")], [Wait(1, 7.0)]),
        (asked(MENU), [MarkPlayed("an older one")], []),
        # A key or a voice interrupts; where it may not, it doesn't.
        (asked(MENU), [KeyPressed("1")], [Hush(), AnswerKeys("1")]),
        (asked(MENU), [VoiceBegan()], [Hush()]),
        (asked(Question(interruptible=False)), [KeyPressed("1")], []),
        (asked(Question(interruptible=False)), [VoiceBegan()], []),
        (asked(Question(voice=False)), [VoiceBegan()], []),
        # A number: all its digits, or `#`, or a while without a key; `*` takes it back.
        (listening(NUMBER), [KeyPressed("1"), KeyPressed("2")], [Wait(3, 3.0)]),
        (listening(NUMBER), [KeyPressed(d) for d in "12#"], [AnswerKeys("12")]),
        (listening(NUMBER), [KeyPressed("1"), Elapsed(2)], [AnswerKeys("1")]),
        (listening(NUMBER), [KeyPressed("1"), Elapsed(1)], []),
        (listening(NUMBER), [KeyPressed(d) for d in "1*2#"], [AnswerKeys("2")]),
        (listening(Question(keys=3)), [KeyPressed(d) for d in "123"], [AnswerKeys("123")]),
        (listening(MENU), [KeyPressed("*")], [AnswerKeys("*")]),
        (listening(MENU), [KeyPressed("#")], [SayAgain()]),
        # Words: judged, then an answer, a recording, or the question again.
        (listening(MENU), [VoiceBegan(), VoiceEnded(4)], [Judge(4)]),
        (
            listening(MENU),
            [VoiceBegan(), VoiceEnded(4), Judged(4, "yes")],
            [AnswerWords(4, "yes")],
        ),
        (listening(MENU), [VoiceBegan(), VoiceEnded(4), Judged(4, None)], [AskAgain(4, False)]),
        (listening(WORDS), [VoiceBegan(), VoiceEnded(4), Judged(4, None)], [AnswerRecording(4)]),
        (listening(WORDS), [VoiceBegan(), KeyPressed("#")], [CutVoice()]),
        # Keys win over a voice that goes on.
        (listening(MENU), [VoiceBegan(), KeyPressed("2")], [AnswerKeys("2")]),
        (listening(MENU), [VoiceBegan(), KeyPressed("2"), VoiceEnded(9)], []),
        (listening(MENU), [Elapsed(1)], [AnswerSilence()]),
        (asked(LAST), [MarkPlayed("m1")], [HangUp("said goodbye")]),
        (asked(LAST), [KeyPressed("1")], []),
        (listening(MENU), [Overdue()], [Hush(), Leave("too long")]),
        (listening(MENU), [Gone(), KeyPressed("1")], []),
    ],
)
def test_it_takes_turns(turns: Turns, events: list[Event], last_actions: list[object]) -> None:
    actions = [turns.on(event) for event in events][-1]
    assert list(actions) == last_actions


def test_it_takes_keys_pressed_ahead_but_never_as_a_yes() -> None:
    turns = Turns()
    for digit in "12":
        assert turns.on(KeyPressed(digit)) == []
    assert turns.on(Reply("m1", MENU)) == [Hush(), AnswerKeys("1")]
    assert turns.on(Reply("m2", SURE)) == [Speak("m2")], "a yes must be meant for its question"
    turns.on(KeyPressed("1"))
    assert turns.on(Reply("m3", MENU)) == [Speak("m3")], "what was not used is forgotten"


def test_it_says_goodbye_after_three_silences_in_a_row() -> None:
    turns = listening(MENU)
    for _ in range(2):
        assert turns.on(Elapsed(turns.timer)) == [AnswerSilence()]
        turns.on(Reply("m1", MENU))
        turns.on(MarkPlayed("m1"))
    assert turns.on(Elapsed(turns.timer)) == [Hush(), Leave("silence")]
    assert turns.on(Reply("bye", LAST)) == [Speak("bye")]
    assert turns.on(MarkPlayed("bye")) == [HangUp("said goodbye")]


def test_an_answer_ends_the_count_of_silences() -> None:
    turns = listening(MENU)
    for answer in (None, "1", None, None):
        turns.on(KeyPressed(answer) if answer else Elapsed(turns.timer))
        turns.on(Reply("m1", MENU))
        turns.on(MarkPlayed("m1"))
    assert turns.phase is Phase.LISTENING


def test_it_asks_for_keys_alone_once_a_voice_is_not_understood() -> None:
    turns = listening(MENU)
    for utterance in range(3):
        turns.on(VoiceBegan())
        turns.on(VoiceEnded(utterance))
        [again] = turns.on(Judged(utterance, None))
        turns.on(Reply("m1", MENU))
        turns.on(MarkPlayed("m1"))
    assert again == AskAgain(2, keys_only=True)
    turns.on(VoiceBegan())
    assert turns.phase is Phase.LISTENING


def test_it_ends_a_flood_of_keys_politely() -> None:
    turns = Turns()
    actions = [action for _ in range(FLOOD + 1) for action in turns.on(KeyPressed("5"))]
    assert actions == [Hush(), Leave("flood")]
    assert [turns.on(KeyPressed("5")) for _ in range(500)] == [[]] * 500


QUESTIONS = st.builds(
    Question,
    keys=st.sampled_from([0, 1, 4, 13]),
    voice=st.booleans(),
    keeps_words=st.booleans(),
    ahead=st.booleans(),
    interruptible=st.booleans(),
    ends=st.booleans(),
)
STEPS = st.lists(
    st.one_of(
        st.sampled_from(["voice", "quiet", "played", "elapsed", "judged", "unclear"]),
        st.sampled_from(list("0123456789*#")),
        QUESTIONS,
    ),
    max_size=60,
)


@given(STEPS)
def test_it_never_gets_stuck(steps: list[str | Question]) -> None:
    """In every phase something is on its way that will go on: an answer from the dialogue, a mark,
    a timer, or the end of a voice."""
    turns = Turns()
    pending = World()
    pending.note(turns.on(Answered()))
    for step in steps:
        event = pending.event(step)
        if event is not None:
            pending.note(turns.on(event))
        assert pending.something_comes(turns.phase), (step, turns)


class World:
    """Carries actions out: what it owes the machine is what is on its way."""

    def __init__(self) -> None:
        self.owes_reply = self.voice = False
        self.judging: int | None = None
        self.timer: int | None = None
        self.mark: str | None = None
        self.count = 0

    def note(self, actions: object) -> None:
        for action in actions:  # type: ignore[attr-defined]
            match action:
                case Speak(mark):
                    self.mark = mark
                case Wait(timer, _):
                    self.timer = timer
                case Judge(utterance):
                    self.judging = utterance
                case CutVoice():
                    self.voice = True
                case Hush():
                    self.mark = None
                case HangUp():
                    self.mark = self.timer = None
                case _:
                    self.owes_reply = True

    def event(self, step: str | Question) -> Event | None:
        self.count += 1
        match step:
            case Question():
                owed, self.owes_reply = self.owes_reply, False
                return Reply(f"m{self.count}", step) if owed else None
            case "voice":
                self.voice = True
                return VoiceBegan()
            case "quiet":
                spoke, self.voice = self.voice, False
                return VoiceEnded(self.count) if spoke else None
            case "played":
                mark, self.mark = self.mark, None
                return MarkPlayed(mark) if mark else None
            case "elapsed":
                timer, self.timer = self.timer, None
                return Elapsed(timer) if timer else None
            case "judged" | "unclear":
                utterance, self.judging = self.judging, None
                text = "yes" if step == "judged" else None
                return None if utterance is None else Judged(utterance, text)
        return KeyPressed(step)

    def something_comes(self, phase: Phase) -> bool:
        match phase:
            case Phase.THINKING:
                return self.owes_reply or self.judging is not None
            case Phase.SPEAKING:
                return self.mark is not None
            case Phase.LISTENING:
                return self.timer is not None
            case Phase.HEARING:
                return self.voice
            case Phase.LEAVING:
                return self.owes_reply or self.mark is not None
        return True
