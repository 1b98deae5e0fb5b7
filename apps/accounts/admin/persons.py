"""Persons: addresses masked, unless someone with the right asks; consents to read."""

import uuid
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action

from apps.accounts import services
from apps.accounts.core.contacts import masked
from apps.accounts.models import Consent, Contact, Person, User
from apps.base.admin import AuditedModelAdmin, ReadOnly
from apps.base.problems import Invalid


class ConsentInline(TabularInline):
    model = Consent
    extra = 0
    fields = ("purpose", "text_version", "given_at", "withdrawn_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Person)
class PersonAdmin(AuditedModelAdmin):
    list_display = ("__str__", "addresses", "locale", "created_at", "erased_at")
    list_filter = ("locale", ("erased_at", admin.EmptyFieldListFilter))
    search_fields = ("display_name",)
    search_help_text = _("A name, or a whole phone number, e-mail address or person's code.")
    fields = ("display_name", "locale", "addresses", "code", "created_at", "erased_at")
    readonly_fields = ("addresses", "code", "created_at", "erased_at")
    inlines = (ConsentInline,)
    actions_detail = ("reveal",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        rows: QuerySet[Person] = super().get_queryset(request)
        return rows.prefetch_related("contacts")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Addresses are found whole, never by a part: searching must not guess them."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        for kind in (Contact.Kind.EMAIL, Contact.Kind.PHONE):
            try:
                address = services.read_address(kind, search_term)
            except Invalid:
                continue
            holders = Contact.objects.at(address).values("person")
            return queryset.filter(pk__in=holders), False
        try:
            return queryset.filter(code=uuid.UUID(search_term)), False
        except ValueError:
            return found, duplicates

    @admin.display(description=_("addresses"))
    def addresses(self, person: Person) -> str:
        whole = getattr(person, "is_revealed", False)
        lines = (
            (c.value if whole else masked(c.address), "" if c.verified_at else " ?")
            for c in person.contacts.all()
        )
        return format_html_join(", ", "{}{}", lines)

    @action(
        description=_("Show whole addresses"),
        url_path="reveal",
        permissions=["reveal"],
    )
    def reveal(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Shown once, on this page; that it was asked for stays in the chain."""
        self.audit(request, get_object_or_404(Person, pk=object_id), "addresses_revealed")
        request.reveals_addresses = True  # type: ignore[attr-defined]
        response: HttpResponse = self.change_view(request, object_id)
        return response

    def has_reveal_permission(self, request: HttpRequest, _object_id: str = "") -> bool:
        return isinstance(request.user, User) and request.user.has_perm("accounts.reveal_contact")

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        person = super().get_object(request, object_id, from_field)
        if person is not None and getattr(request, "reveals_addresses", False):
            person.is_revealed = True
        return person

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Erasure asks every app; Django's own walk through foreign keys says nothing here."""
        return [str(person) for person in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Person) -> None:
        services.erase_person(person=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        for person in queryset:
            services.erase_person(person=person)


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    list_display = ("person", "purpose", "text_version", "given_at", "withdrawn_at")
    list_filter = ("purpose", ("withdrawn_at", admin.EmptyFieldListFilter))
    list_select_related = ("person",)
    date_hierarchy = "given_at"
