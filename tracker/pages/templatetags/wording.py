"""How the pages write numbers and words."""

from django import template

from tracker.pages.words import signed as _signed

register = template.Library()


@register.filter
def signed(value: float, places: int = 2) -> str:
    return _signed(value, places)


@register.filter
def spaced(text: str) -> str:
    return text.replace("_", " ")


@register.filter
def unnamed(account: str) -> str:
    """Who recorded something, as the public reads it: no analyst's login name."""
    return account if account.startswith("system:") else "the desk"
