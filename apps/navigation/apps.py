from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NavigationConfig(AppConfig):
    name = "apps.navigation"
    label = "navigation"
    verbose_name = _("Navigation")

    def ready(self) -> None:
        from apps.accounts.services.personal_data import erasers, exporters
        from apps.base import health, live
        from apps.base.retention import rules
        from devices.events import receivers

        receivers.add("navigation.lifts", "apps.navigation.receivers.lifts")
        live.sources.add("navigation.lifts", "apps.navigation.selectors.lifts.source")
        exporters.add("navigation", "apps.navigation.services.own_data.export_navigation")
        erasers.add("navigation", "apps.navigation.services.own_data.erase_navigation")
        rules.add("navigation.routes", "apps.navigation.services.routes.forget_old_routes")
        rules.add("navigation.builds", "apps.navigation.services.builds.remove_old_builds")
        health.probes.add("navigation", "apps.navigation.selectors.health.graph")
