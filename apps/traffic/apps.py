from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrafficConfig(AppConfig):
    name = "apps.traffic"
    label = "traffic"
    verbose_name = _("Traffic")

    def ready(self) -> None:
        from apps.base import live
        from apps.base.cards import cards
        from apps.base.retention import rules
        from devices.events import receivers

        live.sources.add("traffic.signals", "apps.traffic.selectors.junctions.signals_source")
        live.sources.add("traffic.links", "apps.traffic.selectors.links.links_source")
        live.sources.add("traffic.incidents", "apps.traffic.selectors.incidents.incidents_source")
        cards.add("traffic.incidents", "apps.traffic.selectors.cards.incidents")
        cards.add("traffic.junctions", "apps.traffic.selectors.cards.junctions")
        receivers.add("traffic.links", "apps.traffic.receivers.links")
        for rule in (
            "incidents", "junction_minutes", "link_samples", "link_slots", "priority_requests",
            "signal_commands",
        ):  # fmt: skip
            rules.add(f"traffic.{rule}", f"apps.traffic.services.retention.{rule}")
