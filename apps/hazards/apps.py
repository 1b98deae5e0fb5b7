from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HazardsConfig(AppConfig):
    name = "apps.hazards"
    label = "hazards"
    verbose_name = _("Hazards")

    def ready(self) -> None:
        from apps.base import work
        from apps.hazards.services.paging import PAGE

        work.handlers.add(PAGE, "apps.hazards.services.paging.page")
