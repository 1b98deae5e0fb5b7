"""What staff see of alerts."""

from apps.alerts.admin import alerts, drills, exchange, notices, switches

__all__ = ["alerts", "drills", "exchange", "notices", "switches"]
