"""A small city to talk about: places one can name, a catalogue of complaints, car parks, rides."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.accounts.models import Person
from apps.assistant import cache
from apps.assistant.channels.registry import channels
from apps.assistant.models import ChannelIdentity
from apps.assistant.services.engines.registry import engines
from apps.base import clock
from apps.base.clock import Hand
from apps.city.importers.own_lists import ListedRow
from apps.city.services.places import keep_places
from apps.complaints.core.identifiers import mask_identifiers
from apps.complaints.services.provisioning import define_jurisdiction
from apps.complaints.services.standard_catalogue import bring_catalogue
from apps.drt.cache import forget_fleets
from tests.assistant.conftest import Citizen
from tests.assistant.skills import told
from tests.devices.conftest import found_city
from tests.drt.town import Rides, open_service
from tests.support.registries import registered
from tests.support.world import settle

PLACES = (
    ("station", "station", "달빛역", "Dalbit Station", 127.2562, 37.4252),
    ("hall", "townhall", "달빛시청", "City Hall", 127.2500, 37.4349),
    ("library", "library", "달빛도서관", "Dalbit Library", 127.2679, 37.4251),
    ("market", "marketplace", "달빛장", "Dalbit Market", 127.2620, 37.4349),
    ("hospital", "hospital", "달빛병원", "Dalbit General Hospital", 127.2681, 37.4350),
)
USED = frozenset({"pothole", "streetlight", "noise", "waste", "illegal_parking", "other"})


class Speaker(Citizen):
    """A citizen whose words an engine understands as the test says."""

    def says(self, text: str, intent: str = "inform", **entities: str) -> str:
        told.tell(mask_identifiers(text), intent, **entities)  # it never sees more
        return self.say(text)

    def acquaint(self, person: Person) -> None:
        """The channel knows who it is."""
        ChannelIdentity.objects.update_or_create(
            channel=self.channel, identity=self.identity,
            defaults={"person": person, "verified_at": clock.now(), "created_at": clock.now(),
                      "seen_at": clock.now(), "language": self.language},
        )  # fmt: skip

    @property
    def conversation_person(self) -> Person:
        row = ChannelIdentity.objects.get(channel=self.channel, identity=self.identity)
        assert row.person is not None
        return row.person

    @property
    def labels(self) -> list[str]:
        return [button.label for one in self.said for button in one.buttons]


@pytest.fixture
def city(hand: Hand, db: None) -> None:
    found_city()
    from django.contrib.gis.geos import Point

    keep_places(
        source="test",
        rows=[
            ListedRow(reference=code, kind=kind, names={"": ko, "ko": ko, "en": en},
                      geom=Point(lon, lat, srid=4326))
            for code, kind, ko, en, lon, lat in PLACES
        ],
    )  # fmt: skip
    define_jurisdiction(jurisdiction_id="dalbit.example", contact="120", key_service="x@y.example")
    bring_catalogue(only=USED)


@pytest.fixture
def rides(city: None) -> Iterator[Rides]:
    forget_fleets()
    town = open_service()
    town.add_van()
    town.add_van()
    yield town
    forget_fleets()


@pytest.fixture
def sora(city: None, settings: Any) -> Iterator[Speaker]:
    """Sora writes, and is known on the channel."""
    settings.ASSISTANT_ENGINE = "told"
    told.understood.clear()
    cache.forget()
    with (
        registered(channels, "test", "tests.assistant.umbrella.channel"),
        registered(engines, "told", "tests.assistant.skills.told.told"),
    ):
        speaker = Speaker()
        speaker.acquaint(settle("sora"))
        yield speaker
