"""Keeping in touch: one task for each linked source, begun again when it ends, in `ingest`."""

import asyncio
import logging

from apps.base.threads import in_thread
from devices.adapters.linked import Away, BadSettings, Rows, adapters
from devices.models import LinkedSource
from devices.services.linking import note_trouble, sources_to_keep, take_rows, target_of

AGAIN_S = 5.0
logger = logging.getLogger(__name__)


async def keep_linked(ended: asyncio.Event, *, again_s: float = AGAIN_S) -> None:
    """Until `ended`. Sources come, go and change while we run."""
    tasks: dict[int, tuple[tuple[object, ...], asyncio.Task[None]]] = {}
    try:
        while not ended.is_set():
            await _settle(tasks)
            try:
                await asyncio.wait_for(ended.wait(), again_s)
            except TimeoutError:
                continue
    finally:
        for _what, task in tasks.values():
            task.cancel()
        await asyncio.gather(*(task for _what, task in tasks.values()), return_exceptions=True)


async def _settle(tasks: dict[int, tuple[tuple[object, ...], asyncio.Task[None]]]) -> None:
    try:
        kept = {source.pk: source for source in await in_thread(sources_to_keep)()}
    except Exception:
        logger.exception("linked sources wait")
        return
    for pk in [pk for pk in tasks if pk not in kept or tasks[pk][0] != _what(kept[pk])]:
        tasks.pop(pk)[1].cancel()
    for pk, source in kept.items():
        if pk not in tasks or tasks[pk][1].done():
            tasks[pk] = (_what(source), asyncio.create_task(keep(source)))


def _what(source: LinkedSource) -> tuple[object, ...]:
    return source.kind, source.host, source.port, repr(source.config), source.secret_sealed


async def keep(source: LinkedSource) -> None:
    """Until it ends in trouble, which stands on its row then."""

    async def tell(rows: Rows) -> None:
        if rows:
            await in_thread(take_rows)(source=source, rows=rows)

    try:
        await adapters.load(source.kind).run(target_of(source), tell)
    except (Away, BadSettings) as error:
        logger.warning("source %s: %s", source.code, error)
        await in_thread(note_trouble)(source=source, trouble=str(error))
    except asyncio.CancelledError:
        raise
    except Exception as error:
        logger.exception("source %s", source.code)
        await in_thread(note_trouble)(source=source, trouble=str(error))
