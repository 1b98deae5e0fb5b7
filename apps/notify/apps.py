from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotifyConfig(AppConfig):
    name = "apps.notify"
    label = "notify"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from apps.accounts.selectors.consents import purposes
        from apps.accounts.services.personal_data import erasers, exporters
        from apps.base import live, work
        from apps.base.health import probes
        from apps.base.retention import rules
        from apps.notify.services.telling import ESCALATE
        from apps.notify.services.transports import transports

        work.handlers.add(ESCALATE, "apps.notify.services.escalation.escalate")
        purposes.add("saved-places", "apps.notify.services.places.PURPOSE")
        exporters.add("notify", "apps.notify.services.own_data.export_notify")
        erasers.add("notify", "apps.notify.services.own_data.erase_notify")
        probes.add("outbox", "apps.notify.selectors.health.outbox")
        for rule in ("old_cells", "silent_apps", "old_tellings"):
            rules.add(f"notify.{rule}", f"apps.notify.services.retention.{rule}")
        live.sources.add("notify.inbox", "apps.notify.selectors.inbox.source")
        transports.add("fcm_topic", "apps.notify.kinds.fcm.transport.make_topics")
        for kind in ("email", "fcm", "inbox", "sms", "voice", "webpush"):
            transports.add(kind, f"apps.notify.kinds.{kind}.transport.make")
