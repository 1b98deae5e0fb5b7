"""What follows from a sign-in. The one table of consequences of this app.

| when                                | then                                              |
|-------------------------------------|---------------------------------------------------|
| an e-mail address was proven        | its user gets their person, the contact is theirs |
| an e-mail address was given up      | the contact goes                                  |
| a user signs in                     | they have a person; a staff session ends sooner   |
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, email_removed
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from apps.accounts.models import Contact, User
from apps.accounts.services.contacts import read_address
from apps.accounts.services.persons import ensure_person, welcome_user


@receiver(email_confirmed, dispatch_uid="accounts.welcome")
def welcome(email_address: EmailAddress, **_: Any) -> None:
    address = read_address(Contact.Kind.EMAIL, email_address.email)
    welcome_user(user=email_address.user, address=address)


@receiver(email_removed, dispatch_uid="accounts.forget_address")
def forget_address(user: User, email_address: EmailAddress, **_: Any) -> None:
    address = read_address(Contact.Kind.EMAIL, email_address.email)
    Contact.objects.at(address).filter(person__user=user).delete()


@receiver(user_logged_in, dispatch_uid="accounts.greet")
def greet(user: User, request: HttpRequest | None, **_: Any) -> None:
    ensure_person(user=user)
    if user.is_staff and request is not None:
        request.session.set_expiry(settings.STAFF_SESSION_S)
