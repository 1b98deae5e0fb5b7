from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.utils.translation import gettext_lazy as _


class ParkingConfig(AppConfig):
    name = "apps.parking"
    label = "parking"
    verbose_name = _("Parking")

    def ready(self) -> None:
        from apps.accounts.services.personal_data import erasers, exporters
        from apps.base import cards, live, work
        from apps.base.retention import rules
        from apps.parking.services.payments import SETTLE, providers
        from devices.events import followers, health_listeners, receivers

        followers.add("parking.sites", "apps.parking.services.announced.follower")
        cards.cards.add("parking.excluded", "apps.parking.selectors.excluded_devices")
        receivers.add("parking.spaces", "apps.parking.receivers.spaces")
        health_listeners.add("parking.spaces", "apps.parking.receivers.count_again")
        live.sources.add("parking.sites", "apps.parking.selectors.sites_source")
        live.sources.add("parking.cells", "apps.parking.selectors.cells_source")
        providers.add("loopback", "apps.parking.kinds.payment_loopback.provider.Loopback")
        work.handlers.add(SETTLE, "apps.parking.services.payments.settle_payment")
        exporters.add("parking", "apps.parking.services.own_data.export_parking")
        erasers.add("parking", "apps.parking.services.own_data.erase_parking")
        for rule in (
            "number_plates", "expired_holds", "occupancy_samples", "cars_on_the_way",
            "citizen_reports",
        ):  # fmt: skip
            rules.add(f"parking.{rule}", f"apps.parking.services.retention.{rule}")
        checks.register(check_payments)
        checks.register(check_loopback, deploy=True)


def check_payments(**_: Any) -> list[checks.CheckMessage]:
    from apps.parking.services.payments import providers

    if not settings.PAYMENTS or settings.PAYMENTS in providers:
        return []
    return [
        checks.Error(
            f"CITIZEN_PAYMENTS names no payment provider: {settings.PAYMENTS!r}.",
            hint=f"One of: {', '.join(providers.kinds())}; or empty: only free bookings.",
            id="parking.E001",
        )
    ]


def check_loopback(**_: Any) -> list[checks.CheckMessage]:
    if settings.PAYMENTS != "loopback" or settings.DEMO:
        return []
    return [
        checks.Error(
            "Bookings are paid with the loopback provider, which moves no money.",
            hint="Set CITIZEN_PAYMENTS to the city's payment provider, or leave it empty.",
            id="parking.E002",
        )
    ]
