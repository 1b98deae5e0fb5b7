"""What is said to one controller: only under the lease, and only if it would take itself back."""

import logging
import uuid
from collections.abc import Awaitable, Callable
from functools import partial

from apps.base.threads import in_thread
from apps.traffic.models import Junction, SignalCommand
from apps.traffic.services.control import release_lease, take_lease
from devices.adapters.ntcip1202.adapter import LET_GO, Command, Controller, Senseless, Unfit
from devices.adapters.ug405.adapter import Outstation
from devices.snmp.link import Declined, Silent, WrongAnswer

logger = logging.getLogger(__name__)
Outcome = SignalCommand.Outcome


class Voice:
    """Remembers what was said, so that it can be taken back."""

    def __init__(
        self, controller: Controller | Outstation, junction: Junction, holder: uuid.UUID
    ) -> None:
        self._controller, self._junction, self._holder = controller, junction, holder
        self._commanding = False
        self.pattern: int | None = None

    async def command(self, command: Command) -> SignalCommand.Outcome:
        outcome = await self._say(partial(self._controller.command, command))
        self._commanding = self._commanding or outcome is Outcome.OBEYED
        return outcome

    async def run_pattern(self, pattern: int) -> SignalCommand.Outcome:
        self.pattern = pattern
        return await self._say(partial(self._controller.run_pattern, pattern))

    async def end_pattern(self) -> None:
        """Once the order is over the controller chooses for itself again."""
        if self.pattern is not None:
            self.pattern = None
            await self._say(partial(self._controller.run_pattern, 0))

    async def let_go(self) -> None:
        """Give the junction back to its own programme."""
        if not self._commanding:
            return
        self._commanding = False
        try:
            await self._controller.command(LET_GO)
        except (Silent, Declined, WrongAnswer):
            logger.warning("signals: %s will let go by its backup timer", self._junction.code)
        await in_thread(release_lease)(junction=self._junction, holder=self._holder)

    async def _say(self, command: Callable[[], Awaitable[None]]) -> SignalCommand.Outcome:
        if not await in_thread(take_lease)(junction=self._junction, holder=self._holder):
            return Outcome.SHADOW
        try:
            await self._controller.backup_time_s()
            await command()
        except (Unfit, Declined, Senseless, WrongAnswer):
            return Outcome.REFUSED
        except Silent:
            return Outcome.UNHEARD
        return Outcome.OBEYED
