from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"
    verbose_name = _("People and staff")

    def ready(self) -> None:
        from apps.accounts import receivers  # noqa: F401 - connects them
        from apps.accounts.selectors.consents import purposes
        from apps.accounts.services.personal_data import erasers, exporters
        from apps.accounts.services.phone_codes import senders
        from apps.base.retention import rules

        senders.add("loopback", "apps.accounts.kinds.loopback.send")
        purposes.add("mobility-profile", "apps.accounts.services.mobility.MOBILITY_PURPOSE")
        for kind in ("person", "staff", "sign-in"):
            name = kind.replace("-", "_")
            exporters.add(kind, f"apps.accounts.services.own_data.export_{name}")
            erasers.add(kind, f"apps.accounts.services.own_data.erase_{name}")
        for rule in ("phone_codes", "unproven_users", "ended_sessions"):
            rules.add(f"accounts.{rule}", f"apps.accounts.services.retention.{rule}")
