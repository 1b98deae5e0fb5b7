from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HazardsConfig(AppConfig):
    name = "apps.hazards"
    label = "hazards"
    verbose_name = _("Hazards")

    def ready(self) -> None:
        from apps.accounts.services.personal_data import erasers, exporters
        from apps.base import live, work
        from apps.base.cards import cards
        from apps.base.retention import rules
        from apps.city.tiles.layers import layers
        from apps.hazards.services.detectors import SOUND
        from apps.hazards.services.flooded_streets import STREETS
        from apps.hazards.services.forecasts import FORECAST
        from apps.hazards.services.paging import PAGE
        from apps.hazards.services.ponding import PONDING
        from apps.hazards.services.watching import WATCH
        from devices.events import followers, receivers, sighting_listeners

        followers.add("hazards.stations", "apps.hazards.services.announced.stations")
        followers.add("hazards.forecasts", "apps.hazards.services.announced.forecasts")
        receivers.add("hazards.water", "apps.hazards.receivers.water")
        receivers.add("hazards.detectors", "apps.hazards.receivers.detectors")
        sighting_listeners.add("hazards.cameras", "apps.hazards.services.cameras.hear_sighting")
        live.sources.add("hazards.stations", "apps.hazards.selectors.stations.stations_source")
        work.handlers.add(FORECAST, "apps.hazards.services.forecasts.forecast")
        exporters.add("hazards", "apps.hazards.services.own_data.export_hazards")
        erasers.add("hazards", "apps.hazards.services.own_data.erase_hazards")
        cards.add("hazards.inbox", "apps.hazards.selectors.inbox.card")
        work.handlers.add(PAGE, "apps.hazards.services.paging.page")
        work.handlers.add(PONDING, "apps.hazards.services.ponding.pond")
        work.handlers.add(STREETS, "apps.hazards.services.flooded_streets.flood_streets")
        work.handlers.add(SOUND, "apps.hazards.services.detectors.sound")
        work.handlers.add(WATCH, "apps.hazards.services.watching.watch")
        layers.add("flood_zones", "apps.hazards.tiles.FLOOD_ZONES")
        cards.add("hazards.stations", "apps.hazards.selectors.cards.stations")
        cards.add("hazards.inspections", "apps.hazards.selectors.cards.inspections")
        for rule in ("forecasts", "structure_windows"):
            rules.add(f"hazards.{rule}", f"apps.hazards.services.retention.{rule}")
