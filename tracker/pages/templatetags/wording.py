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
