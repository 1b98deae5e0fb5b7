"""Dalbit's alert desk as the demo finds it, and as tests rely on it."""

from typing import Any

import pytest

from apps.accounts.selectors.persons import person_at
from apps.accounts.services import read_address
from apps.alerts.services.approving import approve_notice, submit_notice
from apps.alerts.services.drafting import draft_from_assessment
from apps.hazards.models import Assessment
from apps.notify.models import Chunk
from citizen.demo.seed import alerts, people
from citizen.demo.world.town import Town
from tests.devices.conftest import found_city


def test_halmeoni_kim_is_called_when_her_street_floods(
    town: Town, db: None, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("citizen.demo.peers.set_up.FOLDER", tmp_path)
    settings.VOICE_URL = "http://127.0.0.1:1/call"
    found_city()
    people.seed_people(town)
    for _twice in range(2):
        alerts.seed_alerts(town)
    assessment = Assessment.objects.get(source="demo")
    notice = draft_from_assessment(assessment=assessment, actor="park")
    submit_notice(code=notice.code, actor="park")
    approve_notice(code=notice.code, actor="lee")
    (planned,) = (person for person in town.people if person.key == "halmeoni")
    halmeoni = person_at(read_address("phone", planned.phone))
    assert halmeoni is not None
    called = Chunk.objects.filter(transport="voice", telling__cause=notice.alert.cause)
    assert [pk for chunk in called for pk in chunk.recipients] == [halmeoni.pk]
