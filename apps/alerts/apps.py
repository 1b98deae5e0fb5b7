from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    name = "apps.alerts"
    label = "alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        from apps.accounts.services.personal_data import erasers, exporters
        from apps.alerts.events import CONSIDER
        from apps.base import live, work
        from apps.base.cards import cards
        from apps.base.retention import rules
        from apps.hazards.events import assessment_buttons, assessment_listeners

        assessment_listeners.add("alerts", "apps.alerts.receivers.on_assessment")
        assessment_buttons.add("warn", "apps.alerts.admin.alerts.warn")
        work.handlers.add(CONSIDER, "apps.alerts.services.policies.consider")
        live.sources.add("alerts.active", "apps.alerts.selectors.active.source")
        rules.add("alerts.answers", "apps.alerts.services.answers.forget_answers")
        exporters.add("alerts", "apps.alerts.services.own_data.export_alerts")
        erasers.add("alerts", "apps.alerts.services.own_data.erase_alerts")
        cards.add("alerts.force", "apps.alerts.selectors.cards.in_force")
        cards.add("alerts.help", "apps.alerts.selectors.cards.need_help")
