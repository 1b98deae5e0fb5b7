from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "apps.base"
    label = "base"
    verbose_name = _("Foundation")

    def ready(self) -> None:
        from apps.base import cards, health, retention, tasks, work

        for probe in ("database", "migrations", "redis_server", "beat", "work", "broker"):
            health.probes.add(probe, f"apps.base.health.{probe}")
        retention.rules.add("command_keys", "apps.base.retention.command_keys")
        retention.rules.add("done_work", "apps.base.retention.done_work")
        cards.cards.add("work", "apps.base.cards.work")
        work.hints.append(tasks.hint_work)
