"""Accounts, groups and tokens at the desk.

An editor can change only accounts and groups whose rights they have themselves.
"""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Exists, OuterRef, QuerySet, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.decorators import display
from unfold.forms import (
    AdminPasswordChangeForm,
    AuthenticationForm,
    UserChangeForm,
    UserCreationForm,
)
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from tracker.admin import access
from tracker.admin.base import DeskAdmin, read_number
from tracker.admin.claim_list import ClaimList
from tracker.operations import accounts

NOT_COVERED = (
    "{name} has rights that your account lacks. Ask a superuser, or someone whose account has at"
    " least the same rights."
)


class DeskLogin(AuthenticationForm):
    """The form of the log-in. An account that may do nothing at the desk is told so, once its
    password is right."""

    def confirm_login_allowed(self, user: Any) -> None:
        if user.is_active and not (user.is_staff and access.has_role(user)):
            raise ValidationError(access.no_role(user), code="no_role")
        super().confirm_login_allowed(user)


class NamedAccount:
    """A form with the name of an account."""

    instance: User
    cleaned_data: dict[str, Any]

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"])
        try:
            accounts.check_name(name, account=self.instance.pk)
        except accounts.BadName as problem:
            raise ValidationError(str(problem)) from problem
        return name


class ChangedAccount(NamedAccount, UserChangeForm):
    """The form of an account."""


class NewAccount(NamedAccount, UserCreationForm):
    """The form of a new account, which needs a role: without one it can do nothing. A viewer,
    unless another role is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = self.fields["groups"]
        roles.label, roles.required = "Roles", True
        roles.widget = UnfoldAdminCheckboxSelectMultipleWidget()
        roles.label_from_instance = _role_in_words
        order = Case(*(When(name=role, then=at) for at, role in enumerate(access.ROLES)), default=9)
        roles.queryset = roles.queryset.order_by(order, "name")
        roles.initial = roles.queryset.filter(name=access.FIRST_ROLE)
        roles.help_text = "What the account may do. You can give roles whose rights you have."
        roles.error_messages["required"] = (
            "Choose at least one role: without one it can do nothing."
        )

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 # Django calls it so
        self.instance.is_staff = True
        return super().save(commit)


def _role_in_words(group: Group) -> str:
    """A role with what it may do; a group that is no role by its name."""
    may = access.MAY.get(group.name)
    return f"{group.name}: {may}" if may else group.name


class CoveredAdmin(DeskAdmin):
    """A list whose rows can be changed only by editors whose rights cover the row's."""

    def covered(self, request: HttpRequest, row: Any) -> bool:
        raise NotImplementedError

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = bool(super().has_change_permission(request, obj))
        return may and (obj is None or self.covered(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = bool(super().has_delete_permission(request, obj))
        return may and (obj is None or self.covered(request, obj))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer and accept only what the editor may grant."""
        if db_field.name == "groups":
            kwargs["queryset"] = access.grantable_groups(request)
        elif db_field.name in ("permissions", "user_permissions"):
            kwargs["queryset"] = access.grantable_permissions(request)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The field of a form, without the menu that adds a group in a window of its own: only a
        pointer opens it, and groups have a page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.widget.can_add_related = False
        return field

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        access.request_rights(request)
        if request.method == "POST" and object_id is not None:
            self.require_rights(request, object_id)
        response: HttpResponse = super().changeform_view(
            request, object_id, form_url, extra_context
        )
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require_rights(request, object_id)
        response: HttpResponse = super().delete_view(request, object_id, extra_context)
        return response

    def require_rights(self, request: HttpRequest, object_id: str) -> None:
        """:raises PermissionDenied: if a row has rights that the editor lacks."""
        row = self.get_object(request, object_id)
        if row is not None and not self.covered(request, row):
            raise PermissionDenied(NOT_COVERED.format(name=row))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 # Django calls it so
        """Check again what was saved; too many rights raise an error, which rolls it back."""
        super().save_related(request, form, formsets, change)
        row = type(form.instance).objects.get(pk=form.instance.pk)
        if not self.covered(request, row):
            raise PermissionDenied(NOT_COVERED.format(name=row))


class AccountAdmin(CoveredAdmin, UserAdmin, DeskAdmin):  # type: ignore[type-arg] # no generic at run time
    form = ChangedAccount
    add_form = NewAccount
    # The usual form: the template of Django says that more can be chosen later.
    add_form_template = None
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
        return access.request_rights(request).cover(access.account_rights(row))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        rows: QuerySet[Any] = super().get_queryset(request).annotate(enrolled=Exists(devices))
        return rows

    @display(description="Second factor", boolean=True)
    def second_factor(self, row: Any) -> bool:
        return bool(row.enrolled)

    def has_reset_permission(self, request: HttpRequest) -> bool:
        return access.request_rights(request).superuser

    @admin.action(description="Reset the second factor", permissions=["reset"])
    def reset_second_factor(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        """Reset it for people who lost their phone and their recovery codes."""
        for row in chosen:
            if accounts.remove_second_factor(row):
                self.log_change(request, row, "Reset the second factor.")
                self.message_user(request, f"{row} now logs in with the password alone.")
            else:
                self.message_user(request, f"{row} has no second factor.", messages.WARNING)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only a superuser can create superusers and rename accounts."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        if access.request_rights(request).superuser:
            return fixed
        return (*fixed, "is_superuser") if obj is None else (*fixed, "is_superuser", "username")

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002 # Django calls it so
        self.require_rights(request, id)
        return super().user_change_password(request, id, form_url)


class AccountGroupAdmin(CoveredAdmin, GroupAdmin, DeskAdmin):  # type: ignore[misc] # it takes what theirs takes
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
                """Check the name: `migrate` gives a group with the name of a role its rights."""
                name = str(self.cleaned_data["name"])
                if not access.request_rights(request).cover(access.group_rights(Group(), name)):
                    raise ValidationError(f"The role {name} has rights that your account lacks.")
                return name

        return Named


# With this permission an account sees all tokens.
SEES_ALL = "auth.view_user"
MANAGES_ACCOUNTS = "auth.change_user"
LONGEST_DAYS = 730
NO_SCOPE = (
    "Your role does not allow any use of the API, so you cannot issue a token. Ask an"
    " administrator for a role."
)


class TokenPages(ClaimList):
    """The page of tokens, for every account with a role."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.tokens)
        return [path("tokens/", view, name="desk_claim_tokens"), *super().get_urls()]

    def tokens(self, request: HttpRequest) -> HttpResponse:
        """List tokens, issue one, and revoke one."""
        scopes = accounts.allowed_scopes(request.user)
        if not scopes:
            raise PermissionDenied(NO_SCOPE)
        if "revoke" in request.POST:
            return _revoke(request, request.POST["revoke"])
        superuser = request.user.is_superuser
        context: dict[str, Any] = {"scopes": scopes, "typed": request.POST, "others": superuser}
        if request.method == "POST":
            context |= _issue(request)
        context["tokens"] = accounts.tokens(account=_visible_account(request))
        return self.page(request, "tokens", title="Tokens", **context)


def _visible_account(request: HttpRequest) -> str | None:
    """The account whose tokens are shown; None for all accounts."""
    return None if request.user.has_perm(SEES_ALL) else request.user.get_username()


def _issue(request: HttpRequest) -> dict[str, Any]:
    """Issue a token, which is shown only once; return it or the problem."""
    form = request.POST
    days = read_number(form.get("days", "")) or 0
    if not 1 <= days <= LONGEST_DAYS:
        return {"problem": f"a token lasts from 1 to {LONGEST_DAYS} days"}
    own = request.user.get_username()
    try:
        token = accounts.issue(
            form.get("account", "").strip() or own,
            by=own,
            name=form.get("name", "").strip(),
            scopes=form.getlist("scope"),
            lasting=timedelta(days=days),
            at=timezone.now(),
        )
    except (accounts.NoSuchAccount, accounts.BadToken, accounts.TokenNotAllowed) as problem:
        return {"problem": str(problem)}
    return {"token": token, "typed": {}}


def _revoke(request: HttpRequest, prefix: str) -> HttpResponse:
    try:
        token = accounts.revoke(
            prefix, account=_visible_account(request), may=lambda token: _may_revoke(request, token)
        )
    except (accounts.NoSuchToken, accounts.TokenNotAllowed) as problem:
        messages.error(request, f"{problem}.")
    else:
        messages.success(request, f"The token {token.name} of {token.account} is revoked.")
    return HttpResponseRedirect(reverse("admin:desk_claim_tokens"))


def _may_revoke(request: HttpRequest, token: accounts.Token) -> bool:
    """Whether the request may revoke a token: its own, or that of an account it may edit."""
    if token.account == request.user.get_username():
        return True
    rights = access.account_rights(User.objects.get(username=token.account))
    return request.user.has_perm(MANAGES_ACCOUNTS) and access.request_rights(request).cover(rights)
