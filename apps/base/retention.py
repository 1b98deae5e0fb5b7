"""Retention: what is kept has an end. Apps register `() -> int` (rows removed) by name."""

import logging
from collections.abc import Callable
from datetime import timedelta

from apps.base import clock
from apps.base.models import CommandKey, Work
from apps.base.registry import Registry

Rule = Callable[[], int]
rules: Registry[Rule] = Registry("retention rule")
logger = logging.getLogger(__name__)

COMMAND_KEYS_KEPT = timedelta(days=14)
DONE_WORK_KEPT = timedelta(days=7)


def keep_all() -> dict[str, int]:
    """Run every rule; one that fails does not stop the others."""
    removed: dict[str, int] = {}
    for name in rules.kinds():
        try:
            removed[name] = rules.load(name)()
        except Exception:
            logger.exception("retention rule %s failed", name)
    return removed


def command_keys() -> int:
    removed, _ = CommandKey.objects.filter(created_at__lt=clock.now() - COMMAND_KEYS_KEPT).delete()
    return removed


def done_work() -> int:
    removed, _ = Work.objects.filter(
        state=Work.State.DONE, done_at__lt=clock.now() - DONE_WORK_KEPT
    ).delete()
    return removed
