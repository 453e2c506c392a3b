"""Accounts and groups at the desk: Django's, held to the rights of who edits them."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from tracker.admin import access
from tracker.admin.appendonly import Desk
from tracker.operations import accounts

MORE = (
    "{name} has rights that your account lacks. Ask a superuser, or someone whose account has at"
    " least the same rights."
)


class NewAccount(UserCreationForm):
    """A new account has a role from the start; without one it could do nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = self.fields["groups"]
        roles.label, roles.required = "Roles", True
        roles.help_text = "What the account may do. You can give roles whose rights you have."
        roles.error_messages["required"] = (
            "Choose at least one role: without one it can do nothing."
        )

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 # Django calls it so
        self.instance.is_staff = True
        return super().save(commit)


class Bounded(Desk):
    """A list whose rows are changed only by those whose rights cover the row's."""

    def covered(self, request: HttpRequest, row: Any) -> bool:
        raise NotImplementedError

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = bool(super().has_change_permission(request, obj))
        return may and (obj is None or self.covered(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = bool(super().has_delete_permission(request, obj))
        return may and (obj is None or self.covered(request, obj))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer, and take, only what one may grant."""
        if db_field.name == "groups":
            kwargs["queryset"] = access.groups(request)
        elif db_field.name in ("permissions", "user_permissions"):
            kwargs["queryset"] = access.grantable_permissions(request)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        access.mine(request)
        if request.method == "POST" and object_id is not None:
            self.refuse_more(request, object_id)
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        return answer

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.refuse_more(request, object_id)
        answer: HttpResponse = super().delete_view(request, object_id, extra_context)
        return answer

    def refuse_more(self, request: HttpRequest, object_id: str) -> None:
        """:raises PermissionDenied: in words, if a row goes beyond one's own rights."""
        row = self.get_object(request, object_id)
        if row is not None and not self.covered(request, row):
            raise PermissionDenied(MORE.format(name=row))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 # Django calls it so
        """Whatever the form let through: what was saved is rolled back if it is too much."""
        super().save_related(request, form, formsets, change)
        row = type(form.instance).objects.get(pk=form.instance.pk)
        if not self.covered(request, row):
            raise PermissionDenied(MORE.format(name=row))


class Accounts(Bounded, UserAdmin, Desk):  # type: ignore[type-arg] # no generic at run time
    form = UserChangeForm
    add_form = NewAccount
    change_password_form = AdminPasswordChangeForm
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "usable_password", "password1", "password2", "groups")},
        ),
    )

    list_display = ("username", "email", "is_staff", "is_superuser", "second_factor")
    actions = ("reset_second_factor",)

    def covered(self, request: HttpRequest, row: User) -> bool:
        return access.mine(request).cover(access.of_account(row))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        rows: QuerySet[Any] = super().get_queryset(request).annotate(enrolled=Exists(devices))
        return rows

    @display(description="Second factor", boolean=True)
    def second_factor(self, row: Any) -> bool:
        return bool(row.enrolled)

    def has_reset_permission(self, request: HttpRequest) -> bool:
        return access.mine(request).superuser

    @admin.action(description="Reset the second factor", permissions=["reset"])
    def reset_second_factor(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        """For people who lost their phone and their recovery codes."""
        for row in chosen:
            if accounts.remove_second_factor(row):
                self.log_change(request, row, "Reset the second factor.")
                self.message_user(request, f"{row} logs in with the password alone now.")
            else:
                self.message_user(request, f"{row} has no second factor.", messages.WARNING)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only a superuser makes superusers."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if access.mine(request).superuser else (*fixed, "is_superuser")

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002 # Django calls it so
        self.refuse_more(request, id)
        return super().user_change_password(request, id, form_url)


class Groups(Bounded, GroupAdmin, Desk):  # type: ignore[misc] # it takes what theirs takes
    def covered(self, request: HttpRequest, row: Group) -> bool:
        return access.covers_group(request, row)

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: FBT001, FBT002 # Django calls it so
        **kwargs: Any,
    ) -> Any:
        base = super().get_form(request, obj, change, **kwargs)

        class Named(base):  # type: ignore[misc, valid-type]
            def clean_name(self) -> str:
                """A role's name promises rights: `migrate` gives them to the group."""
                name = str(self.cleaned_data["name"])
                if not access.mine(request).cover(access.of_group(Group(), name)):
                    raise ValidationError(f"The role {name} has rights that your account lacks.")
                return name

        return Named
