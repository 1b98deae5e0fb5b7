"""Residents' bays: who has which, what is lent, and what it earned."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.base.admin import AuditedModelAdmin, ReadOnly
from apps.parking.admin.read_only import ReadOnlyInline
from apps.parking.models import Account, BayRight, Entry, SharedOffer, SharedRecall, Transaction


@admin.register(BayRight)
class BayRightAdmin(AuditedModelAdmin):
    list_display = ("bay", "person", "valid_from_on", "valid_to_on")
    list_select_related = ("bay", "person")
    search_fields = ("bay__code",)
    autocomplete_fields = ("person",)
    raw_id_fields = ("bay",)


class RecallInline(ReadOnlyInline):
    model = SharedRecall
    fields = ("during", "created_at")


@admin.register(SharedOffer)
class SharedOfferAdmin(ReadOnly):
    list_display = ("code", "bay", "rule", "opens", "lasts_min", "step_price", "withdrawn_at")
    list_select_related = ("right__bay",)
    search_fields = ("code", "right__bay__code")
    inlines = (RecallInline,)

    @admin.display(description=_("bay"), ordering="right__bay__code")
    def bay(self, offer: SharedOffer) -> str:
        return offer.right.bay.code


class EntryInline(ReadOnlyInline):
    model = Entry
    fields = ("account", "amount")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        rows: QuerySet[Entry] = super().get_queryset(request).select_related("account")
        return rows


@admin.register(Transaction)
class TransactionAdmin(ReadOnly):
    """The books: nobody writes here by hand."""

    list_display = ("key", "what", "at")
    list_filter = ("what",)
    search_fields = ("key",)
    date_hierarchy = "at"
    inlines = (EntryInline,)


@admin.register(Account)
class AccountAdmin(ReadOnly):
    list_display = ("kind", "currency", "person", "owed")
    list_filter = ("kind", "currency")
    list_select_related = ("person",)

    @admin.display(description=_("owed"))
    def owed(self, account: Account) -> int:
        return account.entries.all().balance()
