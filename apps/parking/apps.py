from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParkingConfig(AppConfig):
    name = "apps.parking"
    label = "parking"
    verbose_name = _("Parking")

    def ready(self) -> None:
        from apps.base import live
        from devices.events import receivers

        receivers.add("parking.spaces", "apps.parking.receivers.spaces")
        live.sources.add("parking.sites", "apps.parking.selectors.sites_source")
