"""Our actions and sayings as Rasa asks for them: what they read is sent, and nothing else.

Rasa's own way opens a connection each time, sends all that the tracker remembers, and checks its
schema of an answer before the answer: half of all its work.
"""

from typing import Any

from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError

from apps.assistant.rasa.serving.inner import InnerDoor, Json

ANSWERED_ALREADY = 400


class OurAction(RemoteAction):
    """Its endpoint is our inner door."""

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        asked = {"next_action": self.name(), "tracker": _told(tracker)}
        try:
            answer = await self.action_endpoint.post("", asked)
        except ClientResponseError as error:
            if error.status == ANSWERED_ALREADY:
                raise ActionExecutionRejection(self.name(), error.text) from error
            raise
        events: list[Event] = deserialise_events(answer["events"])
        return events


class OurSayings(NaturalLanguageGenerator):
    def __init__(self, door: InnerDoor) -> None:
        self._door = door

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **_: Any
    ) -> Json:
        said: Json = await self._door.post("", {"tracker": _told(tracker)})
        return said


def _told(tracker: DialogueStateTracker) -> Json:
    latest = tracker.latest_message
    return {
        "latest_message": {**latest.parse_data, "metadata": latest.metadata},
        "slots": tracker.current_slot_values(),
    }
