from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DrtConfig(AppConfig):
    name = "apps.drt"
    label = "drt"
    verbose_name = _("Rides")

    def ready(self) -> None:
        from apps.accounts.services.personal_data import erasers, exporters

        exporters.add("drt", "apps.drt.services.own_data.export_rides")
        erasers.add("drt", "apps.drt.services.own_data.erase_rides")
