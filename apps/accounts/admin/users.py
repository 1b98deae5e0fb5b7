"""Staff logins: who they are, which roles they hold, a lost second factor."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextInputWidget

from apps.accounts import services
from apps.accounts.models import Membership, Role, User
from apps.base.admin import AuditedModelAdmin


class EmployForm(forms.ModelForm[User]):
    """A new member of staff. They sign in by the provider, or with a password set afterwards.

    Somebody who has a login already becomes staff on their own page.
    """

    email = forms.EmailField(label=_("e-mail address"), widget=UnfoldAdminEmailInputWidget)
    display_name = forms.CharField(
        label=_("Name"), max_length=80, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = User
        fields = ("email",)


class MembershipInline(TabularInline):
    model = Membership
    extra = 0
    fields = ("department", "role", "area_codes")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Nobody gives away more than they hold."""
        if db_field.name == "role" and isinstance(request.user, User):
            kwargs["queryset"] = _roles_within(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _roles_within(user: User) -> QuerySet[Role]:
    if user.is_superuser:
        return Role.objects.all()
    beyond = Permission.objects.exclude(role__memberships__user=user)
    return Role.objects.exclude(permissions__in=beyond)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, AuditedModelAdmin):  # type: ignore[type-arg]
    form = UserChangeForm
    add_form = EmployForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "person", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "memberships__department", "memberships__role")
    list_select_related = ("person",)
    search_fields = ("email", "person__display_name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "created_at")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "created_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "display_name")}),)
    inlines = (MembershipInline,)
    actions = ("reset_second_factor",)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.inlines if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if getattr(request.user, "is_superuser", False) else (*fields, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a superuser touches a superuser."""
        may_touch = getattr(request.user, "is_superuser", False)
        if obj is not None and obj.is_superuser and not may_touch:
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A login goes with its person (erasure), or is made inactive."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        person = services.employ(
            email=form.cleaned_data["email"], display_name=form.cleaned_data["display_name"]
        )
        assert person.user is not None
        obj.__dict__.update(person.user.__dict__)

    @admin.action(description=_("Reset the second factor"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """For a lost phone: the next sign-in sets up a new one."""
        count = 0
        for user in users:
            if self.has_change_permission(request, user):
                Authenticator.objects.filter(user=user).delete()
                self.audit(request, user, "second_factor_reset")
                count += 1
        text = ngettext("%d login reset.", "%d logins reset.", count) % count
        messages.success(request, text)
