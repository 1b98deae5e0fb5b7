"""What the alert desk does in the town, for browser tests; run as a process of its own.

python -m tests.support.alert_desk staff            two officers who may sign in
python -m tests.support.alert_desk assess           a flood assessment in the inbox
python -m tests.support.alert_desk all_clear        approve the all-clear of what is in force
"""

import sys

import django

django.setup()

# These need Django to be set up, hence E402.
from apps.accounts.models import User  # noqa: E402
from apps.alerts.core.chains import Step  # noqa: E402
from apps.alerts.models import Alert  # noqa: E402
from apps.alerts.services.approving import approve_notice, submit_notice  # noqa: E402
from apps.alerts.services.drafting import draft_next  # noqa: E402
from apps.city.models import the_city  # noqa: E402
from apps.hazards.services import Finding, assess  # noqa: E402

PASSWORD = "a long one for the tests"


def staff() -> None:
    for name in ("park", "lee"):
        if not User.objects.filter(email=f"{name}@dalbit.example").exists():
            User.objects.create_superuser(f"{name}@dalbit.example", PASSWORD)


def found() -> None:
    centre = the_city().centre
    finding = Finding(
        kind="flood", summary="달빛천 수위 급상승", geom=centre, buffer_m=400, severity="Severe",
        certainty="Observed", urgency="Immediate",
        evidence=[{"title": "수위", "value": 4.2, "unit": "m"}],
    )  # fmt: skip
    assess(source="walk", reference="flood", finding=finding)


def all_clear() -> None:
    for alert in Alert.objects.in_force():
        notice = draft_next(alert=alert, step=Step.ALL_CLEAR, actor="park@dalbit.example")
        submit_notice(code=notice.code, actor="park@dalbit.example")
        approve_notice(code=notice.code, actor="lee@dalbit.example")


if __name__ == "__main__":
    {"staff": staff, "assess": found, "all_clear": all_clear}[sys.argv[1]]()
