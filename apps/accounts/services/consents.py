"""Consents are given in words of a version, and taken back."""

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Consent, Person
from apps.accounts.selectors.consents import Purpose, purposes
from apps.base import clock
from apps.base.problems import Invalid, NotFound


def _purpose(name: str) -> Purpose:
    try:
        return purposes.load(name)
    except KeyError as error:
        raise NotFound(_("Nothing is asked under this name.")) from error


@transaction.atomic
def give_consent(*, person: Person, purpose: str, text_version: str) -> Consent:
    """The person agrees to the wording they were shown. Saying it twice changes nothing.

    Raises:
        NotFound: no such purpose.
        Invalid: another wording is in force by now; show that one.
    """
    if text_version != _purpose(purpose).version:
        raise Invalid(errors={"text_version": _("The text has changed. Please read it again.")})
    Person.objects.select_for_update().get(pk=person.pk)  # one agreement at a time
    standing = Consent.objects.standing().filter(person=person, purpose=purpose)
    same = standing.filter(text_version=text_version).first()
    if same:
        return same
    at = clock.now()
    standing.update(withdrawn_at=at)
    return Consent.objects.create(
        person=person, purpose=purpose, text_version=text_version, given_at=at
    )


@transaction.atomic
def withdraw_consent(*, person: Person, purpose: str) -> None:
    """Take it back, and let go of what it allowed. Raises NotFound for an unknown purpose."""
    forget = _purpose(purpose).forget
    Consent.objects.standing().filter(person=person, purpose=purpose).update(
        withdrawn_at=clock.now()
    )
    if forget:
        import_string(forget)(person=person)
