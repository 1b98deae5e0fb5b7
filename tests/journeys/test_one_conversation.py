"""One conversation for everything: a lamp, a place to park, a bus home, in two languages."""

from apps.base import clock
from apps.complaints.models import ServiceRequest
from apps.drt.models import Booking
from apps.notify.models import SavedPlace
from tests.assistant.skills.conftest import Speaker, city, rides, sora
from tests.drt.town import Rides
from tests.parking.conftest import set_up as open_car_parks

__all__ = ["city", "rides", "sora"]

LAMP = "가로등이 고장났어요, 달빛역 앞이에요."


def test_sora_reports_a_lamp_finds_parking_and_rides_home(sora: Speaker, rides: Rides) -> None:
    """What she said at once is not asked again, "there" is where the lamp is, and it says what it
    does not know."""
    town = open_car_parks()
    town.say(("lot.free", 12, 120))
    SavedPlace.objects.create(
        person=sora.conversation_person, label="집", cell=1, coarse_cell=1, lon=127.2680,
        lat=37.4349, created_at=clock.now(),
    )  # fmt: skip
    sora.language = "ko"

    assert "사진" in sora.says(LAMP, "file_complaint", place="달빛역")
    back = sora.press("사진 없이")
    assert "달빛역" in back
    assert "접수할까요?" in back
    said = sora.says("네", "affirm")
    lamp = ServiceRequest.objects.get()
    assert lamp.number in said
    assert lamp.service.service_code == "streetlight"

    parking = sora.says("And where can I park there, please?", "find_parking")
    assert "Parking near Dalbit Station" in parking
    assert "12 spaces free (2 minutes old)" in parking

    quote = sora.says("Book me a bus home at two", "book_ride")
    assert "From Dalbit Station to home" in quote
    assert "₩" in quote
    assert "Your ride is booked" in sora.says("yes", "affirm")
    assert Booking.objects.get().person == sora.conversation_person

    assert "I do not know" in sora.says("When does the opera begin?", "ask_knowledge")
