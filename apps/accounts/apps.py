from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.utils.translation import gettext_lazy as _
from phonenumbers import SUPPORTED_REGIONS


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
        checks.register(check_phone_codes)
        checks.register(check_phone_region)
        checks.register(check_loopback, deploy=True)


def check_phone_codes(**_: Any) -> list[checks.CheckMessage]:
    from apps.accounts.services.phone_codes import senders

    if not settings.PHONE_CODES or settings.PHONE_CODES in senders:
        return []
    known = ", ".join(senders.kinds())
    return [
        checks.Error(
            f"CITIZEN_PHONE_CODES names no transport: {settings.PHONE_CODES!r}.",
            hint=f"One of: {known}; or empty to switch sign-in by phone off.",
            id="accounts.E001",
        )
    ]


def check_phone_region(**_: Any) -> list[checks.CheckMessage]:
    if settings.PHONE_REGION in SUPPORTED_REGIONS:
        return []
    return [
        checks.Error(
            f"CITIZEN_PHONE_REGION is no country: {settings.PHONE_REGION!r}.",
            hint="Two capital letters, as ISO 3166-1 has them: KR.",
            id="accounts.E002",
        )
    ]


def check_loopback(**_: Any) -> list[checks.CheckMessage]:
    if settings.PHONE_CODES != "loopback" or settings.DEMO:
        return []
    return [
        checks.Error(
            "Phone codes go to the loopback: anybody with the cache could sign in as anybody.",
            hint="Name a real transport in CITIZEN_PHONE_CODES, or leave it empty.",
            id="accounts.E003",
        )
    ]
