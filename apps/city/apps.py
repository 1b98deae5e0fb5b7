from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CityConfig(AppConfig):
    name = "apps.city"
    label = "city"
    verbose_name = _("City")

    def ready(self) -> None:
        from apps.base import live, retention
        from apps.base.cards import cards
        from apps.city.tiles import static
        from apps.city.tiles.layers import layers

        cards.add("city.obstructions", "apps.city.selectors.cards.obstructions")
        live.sources.add("city.obstructions", "apps.city.selectors.obstructions.source")
        retention.rules.add(
            "city.obstructions", "apps.city.services.obstructions.remove_long_closed"
        )
        for name in static.NAMES:
            layers.add(name, f"apps.city.tiles.static.{name.upper()}")
