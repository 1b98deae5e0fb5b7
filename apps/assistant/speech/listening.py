"""Recognition, in another process than the one that keeps the calls' time: decoding holds the
interpreter's lock.

The engines are tried in order (the operator's models first); one that is sure ends the search.
"""

import asyncio
import logging
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial

from django.utils.module_loading import import_string

from apps.assistant.speech.core.listening import Heard, Want, Wanted
from apps.assistant.speech.registry import Recogniser

PATIENCE_S = 6  # a caller waits no longer; the recording is kept all the same
WARM_UP_S = 120
MOST_WAITING = 8  # turns a recogniser; who comes then would not be heard in time
logger = logging.getLogger(__name__)

NOTHING = Heard("", 0.0, "", sure=False)


class Ear:
    """One process's recognisers, each `(dotted path of its maker, models directory)`."""

    def __init__(
        self,
        engines: Sequence[tuple[str, str]],
        *,
        languages: frozenset[str] | None = None,
        workers: int = 1,
    ) -> None:
        """`languages` are all that the engines know, None where the operator's models may know
        any."""
        self.engines, self.languages, self.workers = list(engines), languages, workers
        self.is_warm = False
        self._asked = 0
        self._pool: ProcessPoolExecutor | None = None

    async def hear(self, audio: bytes, wanted: Wanted) -> Heard:
        """What a turn says. Never raises: what can't be heard is not sure. While the models are
        being loaded nothing is heard, and nobody waits."""
        unknown = self.languages is not None and wanted.language not in self.languages
        return NOTHING if unknown or not self.is_warm else await self._ask(audio, wanted)

    @property
    def is_busy(self) -> bool:
        """Whether another turn would have to wait."""
        return self._asked >= self.workers

    async def _ask(self, audio: bytes, wanted: Wanted, *, patience_s: float = PATIENCE_S) -> Heard:
        if self._asked >= MOST_WAITING * self.workers:
            logger.warning("speech: too many wait to be heard; the caller is asked for keys")
            return NOTHING
        self._asked += 1
        try:
            async with asyncio.timeout(patience_s):
                return await asyncio.get_running_loop().run_in_executor(
                    self._open(), _hear, self.engines, audio, wanted
                )
        except BrokenProcessPool:
            logger.warning("speech: the recognising process ended; another one is started")
            self.close()
        except TimeoutError:
            logger.warning("speech: recognition took longer than %d s", patience_s)
        finally:
            self._asked -= 1
        return NOTHING

    async def warm_up(self, language: str) -> None:
        """Load the models before the first caller speaks."""
        wanted = Wanted(language, Want.YES_NO)
        ask = partial(self._ask, bytes(3_200), wanted, patience_s=WARM_UP_S)
        await asyncio.gather(*(ask() for _ in range(self.workers)))
        self.is_warm = True

    def _open(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_be_nice,
            )
        return self._pool

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
            for worker in multiprocessing.active_children():  # one may be deep in a decoder
                worker.terminate()


# ---------------------------------------------------------------- in the other process

_made: dict[tuple[str, str], Recogniser] = {}


def _be_nice() -> None:
    """A late word costs less than a gap in what is being said."""
    os.nice(5)


def _hear(engines: list[tuple[str, str]], audio: bytes, wanted: Wanted) -> Heard:
    best = NOTHING
    for engine in engines:
        heard = _try(engine, audio, wanted)
        if heard is not None and heard.sure:
            return heard
        if heard is not None and heard.confidence >= best.confidence:
            best = heard
    return best


def _try(engine: tuple[str, str], audio: bytes, wanted: Wanted) -> Heard | None:
    path, models = engine
    try:
        if engine not in _made:
            _made[engine] = import_string(path)(models)
        return _made[engine].hear(audio, wanted)
    except Exception:  # an engine's defect costs its answer, not the call
        logger.exception("speech: %s failed", path)
        return None
