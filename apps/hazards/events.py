"""What hazards announces.

A listener is `(assessment code) -> None`, called in the transaction that wrote the assessment: it
does one small thing, such as writing a work row.
"""

from collections.abc import Callable

from apps.base.registry import Registry

Listener = Callable[[str], None]

assessment_listeners: Registry[Listener] = Registry("assessment listener")
