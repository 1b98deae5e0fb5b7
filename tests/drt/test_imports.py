"""Lists of stops: what is good is taken in, what is not is said row by row."""

from pathlib import Path

from apps.drt.models import TravelTable, VirtualStop
from apps.drt.services.imports import import_stops, import_zones
from tests.drt.town import Rides

STOPS = """reference,name,name:en,lat,lon,step_free
N1,시청,City Hall,37.431,127.255,yes
N2,,,37.431,127.256,yes
N3,학교,School,97.4,127.256,no
N4,역,Station,37.431,127.257,maybe
N5,병원,Clinic,37.432,127.258,no
"""


def test_good_rows_are_taken_and_bad_ones_told(rides: Rides, tmp_path: Path) -> None:
    file = tmp_path / "stops.csv"
    file.write_text(STOPS)
    done = import_stops(service=rides.service, path=file)
    assert done.taken == 2
    assert [error.row for error in done.errors] == [2, 3, 4]
    stop = VirtualStop.objects.get(code="n1")
    assert (stop.names, stop.step_free) == ({"": "시청", "en": "City Hall"}, True)
    table = TravelTable.objects.first()
    assert table
    assert "stop:n5" in table.places


def test_a_zone_is_an_area(rides: Rides, tmp_path: Path) -> None:
    file = tmp_path / "zones.geojson"
    file.write_text(
        '{"type": "FeatureCollection", "features": ['
        '{"id": "east", "properties": {"name": "East"}, "geometry": {"type": "Polygon",'
        ' "coordinates": [[[127.2, 37.4], [127.3, 37.4], [127.3, 37.5], [127.2, 37.4]]]}},'
        '{"id": "dot", "properties": {"name": "Dot"}, "geometry": {"type": "Point",'
        ' "coordinates": [127.2, 37.4]}}]}'
    )
    done = import_zones(service=rides.service, path=file)
    assert (done.taken, [error.row for error in done.errors]) == (1, [2])
