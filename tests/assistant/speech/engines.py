"""Engines for tests of the recognising process: one that repeats, one that dies, one that fails."""

import os

from apps.assistant.speech.core.listening import Heard, Wanted


class Echo:
    def hear(self, audio: bytes, wanted: Wanted) -> Heard | None:
        return Heard(f"{len(audio)} bytes", 0.9, "echo", sure=True)


class Dying:
    def hear(self, audio: bytes, wanted: Wanted) -> Heard | None:
        os._exit(1)


class Failing:
    def hear(self, audio: bytes, wanted: Wanted) -> Heard | None:
        raise RuntimeError("a defect")


class Unsure:
    def hear(self, audio: bytes, wanted: Wanted) -> Heard | None:
        return Heard("perhaps", 0.3, "unsure", sure=False)


def echo(_models: str) -> Echo:
    return Echo()


def dying(_models: str) -> Dying:
    return Dying()


def failing(_models: str) -> Failing:
    return Failing()


def unsure(_models: str) -> Unsure:
    return Unsure()
