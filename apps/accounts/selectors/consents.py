"""What people are asked to agree to, and whether they did."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Consent, Person
from apps.base.problems import Problem, Text
from apps.base.registry import Registry


@dataclass(frozen=True, slots=True)
class Purpose:
    """One thing asked. A change of meaning takes a new `version` and is asked again.

    `forget` is the dotted path of `(person) -> None`: what follows when the consent is withdrawn.
    """

    title: Text
    text: Text
    version: str
    forget: str = ""


purposes: Registry[Purpose] = Registry("consent purpose")


class ConsentMissing(Problem):
    slug, status = "consent-missing", 409
    title = _("This needs your consent first.")


def has_consent(person: Person, purpose: str) -> bool:
    """Whether the person agreed to the present wording."""
    version = purposes.load(purpose).version
    return (
        Consent.objects.standing()
        .filter(person=person, purpose=purpose, text_version=version)
        .exists()
    )


def require_consent(person: Person, purpose: str) -> None:
    """Raises ConsentMissing naming the purpose and the version of its text."""
    if not has_consent(person, purpose):
        raise ConsentMissing(purpose=purpose, text_version=purposes.load(purpose).version)
