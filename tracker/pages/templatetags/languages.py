"""The languages of a page, and its address in each of them."""

from typing import NamedTuple

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import Context
from django.urls import translate_url
from django.utils.translation import get_language

register = template.Library()


class PageLanguage(NamedTuple):
    """A language by its code and its own name, and the address of the page in it."""

    code: str
    name: str
    address: str
    chosen: bool


@register.simple_tag(takes_context=True)
def page_languages(context: Context) -> list[PageLanguage]:
    """The languages of the page that is shown; none for an error page, or for one of the API."""
    request: HttpRequest | None = context.get("request")
    if request is None or request.resolver_match is None:
        return []
    address = request.get_full_path()
    addresses = {code: translate_url(address, code) for code, _ in settings.LANGUAGES}
    if len({*addresses.values()}) == 1:
        return []
    return [
        PageLanguage(code=code, name=name, address=addresses[code], chosen=code == get_language())
        for code, name in settings.LANGUAGES
    ]
