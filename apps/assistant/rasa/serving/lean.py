"""Rasa without what it does at every message and we have no use for. Called once it is loaded."""

import gc
from typing import Any

from rasa.core.actions import action, forms
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from apps.assistant.rasa.serving.actions import OurAction, OurSayings
from apps.assistant.rasa.serving.inner import InnerDoor
from apps.assistant.rasa.serving.runner import StraightRunner


def make_lean(agent: Agent) -> None:
    processor = agent.processor
    processor.action_endpoint = _door(processor.action_endpoint)
    processor.nlg = OurSayings(_door(processor.nlg.nlg_endpoint))
    processor.graph_runner = StraightRunner.instead_of(processor.graph_runner)
    action.RemoteAction = forms.RemoteAction = OurAction
    action.ActionExtractSlots.run = _nothing_to_extract
    gc.collect()
    gc.freeze()  # the model stays as long as the process: no collection need walk through it


def _door(endpoint: EndpointConfig) -> InnerDoor:
    return InnerDoor(endpoint.url, endpoint.headers)


async def _nothing_to_extract(*_: Any) -> list[Any]:
    """All slots are filled by our actions; Rasa asks for each by which of its ways."""
    return []
