from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotifyConfig(AppConfig):
    name = "apps.notify"
    label = "notify"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from apps.base import live, work
        from apps.notify.services.telling import ESCALATE
        from apps.notify.services.transports import transports

        work.handlers.add(ESCALATE, "apps.notify.services.escalation.escalate")
        live.sources.add("notify.inbox", "apps.notify.selectors.inbox.source")
        transports.add("fcm_topic", "apps.notify.kinds.fcm.transport.make_topics")
        for kind in ("email", "fcm", "inbox", "sms", "voice", "webpush"):
            transports.add(kind, f"apps.notify.kinds.{kind}.transport.make")
