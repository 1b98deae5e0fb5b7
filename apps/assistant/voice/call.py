"""One call: a line, the turn-taking, the dialogue, the engines and the record, put together.

The loop takes one event after the other and carries out what the turn-taking says. Whatever takes
time (the dialogue, a recogniser, a voice) is a task whose end is an event.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from apps.assistant.models import Call as Record
from apps.assistant.speech.core.audio import (
    FRAME_S,
    RATE_HZ,
    SILENT_FRAME,
    Reframer,
    samples_of,
    seconds_of,
)
from apps.assistant.speech.core.listening import Heard, Wanted
from apps.assistant.speech.listening import Ear
from apps.assistant.speech.speaking import Mouth
from apps.assistant.voice import records
from apps.assistant.voice.core import turns as t
from apps.assistant.voice.core.ears import Began, Ears, Ended, Patience, Paused
from apps.assistant.voice.core.playout import Frame, Playout
from apps.assistant.voice.dialects.lines import BadFrame, Closed, Key, Played, Sound
from apps.assistant.voice.dialogue import Dialogue, Said
from apps.assistant.voice.journal import Journal, Utterance
from apps.assistant.voice.judging import Judging
from apps.assistant.voice.lines import Line, Meter
from apps.assistant.voice.pulse import Pulse
from apps.base.threads import in_thread

QUIET_LEVEL = 150  # below this mean magnitude a frame is not a voice, whatever the detector says
LONGEST_CALL_S = 1_800
MARK_LATE_S = 3.0
ANSWERS_WITHIN_S = 15
SHORT, LONG = Patience(quiet_ms=500), Patience(quiet_ms=600)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Engines:
    """What all calls of a process share."""

    mouth: Mouth
    ear: Ear
    pulse: Pulse = field(default_factory=Pulse)


class Call:
    """`transfer` is what puts the caller through to a person, where the provider can."""

    def __init__(
        self,
        *,
        record: Record,
        line: Line,
        engines: Engines,
        dialogue: Dialogue,
        greeting: str = "",
        transfer: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        self.record, self.line, self.engines, self.dialogue = record, line, engines, dialogue
        self.greeting, self.transfer = greeting, transfer
        self.turns = t.Turns()
        self.journal = Journal(record)
        self.playout = Playout(line.lead_s)
        self.ears = Ears(SHORT)
        self.judging = Judging(engines.ear)
        self.said: dict[str, Said] = {}
        self.now: Said | None = None
        self.because = "the line was cut"
        self._voiced = _detector()
        self._events: asyncio.Queue[t.Event] = asyncio.Queue()
        self._more = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._utterance: Utterance | None = None
        self._utterances: dict[int, Utterance] = {}
        self._marks = 0
        self._talk: asyncio.Task[None] | None = None
        self._informed = False  # until the caller knows that it is recorded, nothing is listened to

    # ------------------------------------------------------------ its life

    async def run(self) -> None:
        """From the line's being up until it is down. What was said is written down when it
        returns, however it ends."""
        if self.greeting:
            await self._queue(self.greeting, self.record.language, "greeting")
        self._start(self._read())
        self._start(self._play())
        self._start(self._limit())
        self._happen(t.Answered())
        try:
            while self.turns.phase is not t.Phase.OVER:
                for action in self.turns.on(await self._events.get()):
                    await self._do(action)
        except (BadFrame, ConnectionError) as error:
            self.because = str(error)
        finally:
            await asyncio.shield(self._end())

    async def _end(self) -> None:
        self.judging.go_on()
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._utterance is not None:
            self.journal.voice_ended(self._utterance)
        await self.journal.settled()
        with contextlib.suppress(Exception):  # a report filed as the caller hung up
            await in_thread(records.attach_turns)(call=self.record)
        await self.journal.close(self.because)
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self.line.close()

    def interrupt(self, because: str) -> None:
        """End it from outside, as when the process stops."""
        if self.turns.phase is not t.Phase.OVER:
            self.because = because
            self._happen(t.Gone())

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _happen(self, event: t.Event) -> None:
        self._events.put_nowait(event)

    async def _limit(self) -> None:
        await asyncio.sleep(LONGEST_CALL_S)
        self._happen(t.Overdue())

    # ------------------------------------------------------------ what comes in

    async def _read(self) -> None:
        reframer, meter = Reframer(), Meter()
        try:
            async for item in self.line.incoming():
                match item:
                    case Sound(audio):
                        meter.count(seconds_of(audio))
                        for frame in reframer.feed(audio):
                            self._hear(frame)
                    case Key(digit):
                        self._press(digit)
                    case Played(mark):
                        self._played(mark)
                    case Closed(reason):
                        self.because = reason
                        break
        except BadFrame as error:
            logger.info("voice: call %s ended (%s)", self.record.code, error)
            self.because = f"broken: {error}"
        self._happen(t.Gone())

    def _press(self, digit: str) -> None:
        self.journal.key(digit, asked=self.now.asked if self.now else "")
        self._happen(t.KeyPressed(digit))

    def _hear(self, frame: bytes) -> None:
        if not self._informed:
            return
        voiced = self._is_voice(frame)
        noticed = self.ears.hear(frame, voiced=voiced)
        if voiced:
            self.judging.go_on()
        if isinstance(noticed, Began):
            asked = self.now.asked if self.now else ""
            self._utterance = self.journal.voice_began(noticed.before, asked=asked)
            self._utterances[self._utterance.number] = self._utterance
            self._happen(t.VoiceBegan())
        elif self._utterance is not None:
            self.journal.sound(self._utterance, frame)
        if isinstance(noticed, Ended):
            self._voice_ended()
        elif isinstance(noticed, Paused) and self._utterance is not None:
            self._judge_early(self._utterance)

    def _is_voice(self, frame: bytes) -> bool:
        loud = float(abs(samples_of(frame).astype("i4")).mean()) > QUIET_LEVEL
        return loud and self._voiced(frame)

    def _voice_ended(self) -> None:
        if self._utterance is None:
            return
        utterance, self._utterance = self._utterance, None
        self.journal.voice_ended(utterance)
        self._happen(t.VoiceEnded(utterance.number))

    # ------------------------------------------------------------ what the turn-taking says

    async def _do(self, action: t.Action) -> None:
        ask = self._question_to_dialogue(action)
        if ask is not None:
            self._start(self._ask(ask))
            return
        match action:
            case t.Speak(mark):
                self._talk = self._start(self._utter(mark))
            case t.Hush():
                await self._hush()
            case t.Wait(timer, seconds):
                self._start(self._wait(timer, seconds))
            case t.Judge(utterance):
                self._start(self._judge(self._utterances[utterance]))
            case t.CutVoice():
                self.ears.forget()
                self._voice_ended()
            case t.HangUp(reason):
                await self._hang_up(reason)

    def _question_to_dialogue(self, action: t.Action) -> Callable[[], Said] | None:
        """What the dialogue is to be asked, where the action means that."""
        dialogue = self.dialogue
        match action:
            case t.Begin():
                return dialogue.begin
            case t.AnswerKeys(digits):
                self.journal.keys_answered()
                return partial(dialogue.answer_keys, digits)
            case t.AnswerWords(_, text):
                return partial(dialogue.answer_words, text)
            case t.AnswerRecording(utterance):
                return partial(dialogue.answer_recording, utterance)
            case t.AnswerSilence():
                return dialogue.answer_silence
            case t.AskAgain(_, keys_only):
                return partial(dialogue.ask_again, keys_only=keys_only)
            case t.SayAgain():
                return dialogue.say_again
            case t.Leave(reason):
                self.because = reason
                return partial(dialogue.farewell, reason)
        return None

    async def _hang_up(self, reason: str) -> None:
        if self.because == "the line was cut":
            self.because = reason
        if self.now is not None and self.now.transfer and self.transfer is not None:
            self.because = "put through"
            await self.transfer()

    async def _wait(self, timer: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._happen(t.Elapsed(timer))

    async def _ask(self, ask: Callable[[], Said]) -> None:
        """What the dialogue answers, spoken up to the first sentence before the turn is taken."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                said = await in_thread(ask)()
        except Exception:
            logger.exception("voice: call %s got no answer", self.record.code)
            self.because = "trouble"
            said = self.dialogue.farewell("trouble")
        self._marks += 1
        mark = f"m{self._marks}"
        self.said[mark] = self.now = said
        self._happen(t.Reply(mark, said.question))

    @property
    def _wanted(self) -> Wanted:
        return self.now.wanted if self.now else Wanted(self.record.language)

    def _judge_early(self, utterance: Utterance) -> None:
        """In the quiet that may be the end; where that is sure of what was said, it is the end."""
        wanted = self._wanted
        task = self.judging.pause(utterance, wanted)
        if task is not None:
            self._start(self._end_early(task, utterance, wanted))

    async def _end_early(
        self, task: asyncio.Task[Heard], utterance: Utterance, wanted: Wanted
    ) -> None:
        await asyncio.wait([task])
        if task.cancelled() or utterance is not self._utterance:
            return
        if self.judging.is_complete(utterance, task.result(), wanted):
            self.ears.forget()
            self._voice_ended()

    async def _judge(self, utterance: Utterance) -> None:
        heard = await self.judging.hear(utterance, self._wanted)
        self.journal.words(utterance, heard)
        await self.journal.settled()
        self._happen(t.Judged(utterance.number, heard.text if heard.sure else None))

    # ------------------------------------------------------------ what goes out

    async def _utter(self, mark: str) -> None:
        """Sentence by sentence: the first is on its way while the next is made."""
        said = self.said.pop(mark)
        self.ears.patience = LONG if said.question.keeps_words else SHORT
        *before, last = said.sentences or ("",)
        for at, sentence in enumerate(before):
            await self._queue(sentence, said.tongue(sentence), f"{mark}.{at}")
        await self._queue(last, said.tongue(last), mark)

    async def _queue(self, sentence: str, language: str, mark: str) -> None:
        audio = await self.engines.mouth.speak(sentence, language) if sentence else SILENT_FRAME
        self.playout.say(audio, mark)
        self._more.set()

    async def _hush(self) -> None:
        if self._talk is not None:
            self._talk.cancel()
        self.playout.clear()
        self._inform()  # whoever presses a key over the greeting has begun to hear it
        await self.line.clear()

    async def _play(self) -> None:
        """Frames by the clock. A line that is gone is noticed by the reader."""
        while True:
            wait_s = self.playout.wait_s(time.monotonic())
            if wait_s is None:
                self._more.clear()
                await self._more.wait()
                continue
            if wait_s > 0:
                due_s = time.monotonic() + wait_s
                await asyncio.sleep(wait_s)
                self.engines.pulse.note_late(time.monotonic() - due_s)
            with contextlib.suppress(ConnectionError):
                for item in self.playout.due(time.monotonic()):
                    await self._send(item)

    async def _send(self, item: Any) -> None:
        if isinstance(item, Frame):
            await self.line.send(item.audio)
            return
        await self.line.mark(item.name)
        if self.line.echoes_marks:
            self._start(self._miss_mark(item.name))
        else:
            self._played(item.name)

    async def _miss_mark(self, mark: str) -> None:
        """A mark that never comes back must not leave the caller in silence."""
        await asyncio.sleep(MARK_LATE_S)
        self._played(mark)

    def _played(self, mark: str) -> None:
        self._inform()
        self._happen(t.MarkPlayed(mark))

    def _inform(self) -> None:
        """The first sentence, which says that speech is recorded, has been heard."""
        if not self._informed:
            self._informed = True
            self.journal.informed()


def _detector() -> Callable[[bytes], bool]:
    """WebRTC's voice detector, as pocketsphinx brings it, on our frames."""
    from pocketsphinx import Vad

    vad = Vad(mode=Vad.MEDIUM_STRICT, sample_rate=RATE_HZ, frame_length=FRAME_S)

    def voiced(frame: bytes) -> bool:
        return bool(vad.is_speech(frame))

    return voiced
