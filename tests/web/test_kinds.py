"""The app has a word, Korean and English, for every kind of place that the city knows."""

from django.conf import settings

from apps.city.core.kinds import KINDS


def test_every_kind_of_place_has_a_name_in_the_app() -> None:
    words = (settings.BASE_DIR / "web" / "src" / "places" / "kinds.ts").read_text()

    assert [kind.kind for kind in KINDS if f"  {kind.kind}: [" not in words] == []
