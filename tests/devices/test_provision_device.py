"""A device made known by one command can speak at once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from apps.parking.services.provisioning import define_properties
from devices.ingest import speaker
from devices.models import Datastream


def provision(*arguments: str) -> str:
    out = StringIO()
    call_command("provision_device", *arguments, stdout=out)
    return out.getvalue().strip()


@pytest.mark.django_db
def test_it_prints_the_key_of_a_new_gateway_and_none_of_a_known_one() -> None:
    define_properties()
    key = provision("mine", "my-thing", "my-sensor", "--property", "parking_free")
    assert speaker.from_header(f"Gateway {key}")
    assert Datastream.objects.get(code="my-sensor").gateway.code == "mine"
    again = provision("mine", "my-thing", "another", "--property", "parking_free")
    assert again == "mine has its key already."


@pytest.mark.django_db
def test_what_cannot_be_observed_leaves_no_gateway_behind() -> None:
    with translation.override("en"), pytest.raises(CommandError, match="observed property"):
        provision("mine", "my-thing", "my-sensor", "--property", "happiness")
    assert not Datastream.objects.exists()
