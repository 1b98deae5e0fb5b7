"""What follows for alerts from a change of an assessment.

| when                                      | then                                             |
|-------------------------------------------|--------------------------------------------------|
| an assessment is new or changed           | a policy may fit: a work row looks into it       |
| an assessment people were warned of ended | the all-clear is drafted for staff to approve    |
"""

from apps.alerts.events import CONSIDER
from apps.base import work


def on_assessment(code: str) -> None:
    work.enqueue(CONSIDER, {"assessment": code})
