"""What people are warned of, and what comes back."""

from apps.alerts.models.alerts import Alert, AlertQuerySet, Drill, Halt, Notice, Policy
from apps.alerts.models.exchange import CapSource, InboundCap, SafetyAnswer

__all__ = [
    "Alert", "AlertQuerySet", "CapSource", "Drill", "Halt", "InboundCap", "Notice", "Policy",
    "SafetyAnswer",
]  # fmt: skip
