from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DrtConfig(AppConfig):
    name = "apps.drt"
    label = "drt"
    verbose_name = _("Rides")

    def ready(self) -> None:
        from apps.accounts.services.personal_data import erasers, exporters
        from apps.base import live
        from apps.base.retention import rules
        from apps.drt.selectors.screens import BOOKING, SHIFT, VEHICLES

        live.sources.add(BOOKING, "apps.drt.selectors.screens.booking_source")
        live.sources.add(SHIFT, "apps.drt.selectors.screens.shift_source")
        live.sources.add(VEHICLES, "apps.drt.selectors.screens.vehicles_source")
        live.guards.add(BOOKING, "apps.drt.consumers.may_follow_booking")
        live.guards.add(SHIFT, "apps.drt.consumers.may_follow_shift")
        for rule in ("ride_traces", "vehicle_positions", "dispatch_log"):
            rules.add(f"drt.{rule}", f"apps.drt.services.retention.{rule}")
        exporters.add("drt", "apps.drt.services.own_data.export_rides")
        erasers.add("drt", "apps.drt.services.own_data.erase_rides")
